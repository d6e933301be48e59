// Which SQL says what a relationship takes from a row of its source?

#include "pg/relationship_value.hpp"

#include <cstring>

#include "pg/nearest_name.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

struct ExpressionSource
{
	const char *text;
};

// A position in the expression is none in the statement that the client sent.
void
relocate_error(void *argument)
{
	const char *text = static_cast<ExpressionSource *>(argument)->text;
	int position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(text);
	}
}

[[noreturn]] void
raise_no_expression(const char *text)
{
	ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
					errmsg("\"%s\" is neither a column nor one expression", text)));
	pg_unreachable();
}

// The parser of PL/pgSQL's expressions takes all that may follow SELECT.
Node *
parse_expression(const char *text)
{
	List *parsed = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR);
	auto *select = reinterpret_cast<SelectStmt *>(linitial_node(RawStmt, parsed)->stmt);

	if (!IsA(select, SelectStmt) || list_length(select->targetList) != 1 ||
		select->distinctClause != NIL || select->fromClause != NIL ||
		select->whereClause != nullptr || select->groupClause != NIL ||
		select->havingClause != nullptr || select->windowClause != NIL ||
		select->sortClause != NIL || select->limitOffset != nullptr ||
		select->limitCount != nullptr || select->lockingClause != NIL)
	{
		raise_no_expression(text);
	}
	auto *target = linitial_node(ResTarget, select->targetList);

	if (target->name != nullptr || target->indirection != NIL)
	{
		raise_no_expression(text);
	}
	if (IsA(target->val, ColumnRef) &&
		IsA(llast(reinterpret_cast<ColumnRef *>(target->val)->fields), A_Star))
	{
		raise_no_expression(text);
	}
	return target->val;
}

Param *
source_row(Relation source)
{
	Param *row = makeNode(Param);

	row->paramkind = PARAM_EXTERN;
	row->paramid = 1;
	row->paramtype = source->rd_rel->reltype;
	row->paramtypmod = -1;
	row->location = -1;
	return row;
}

FieldSelect *
source_column(Relation source, const Var *column)
{
	FieldSelect *field = makeNode(FieldSelect);

	field->arg = reinterpret_cast<Expr *>(source_row(source));
	field->fieldnum = column->varattno;
	field->resulttype = column->vartype;
	field->resulttypmod = column->vartypmod;
	field->resultcollid = column->varcollid;
	return field;
}

// The source's columns, out of the parameter that holds its row.
Node *
to_parameter(Node *node, void *context)
{
	if (node == nullptr)
	{
		return nullptr;
	}
	if (IsA(node, Var))
	{
		auto *var = reinterpret_cast<Var *>(node);
		auto *source = static_cast<Relation>(context);

		if (var->varattno < 0)
		{
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
							errmsg("a relationship cannot be mapped from a system column")));
		}
		return var->varattno == InvalidAttrNumber
				   ? reinterpret_cast<Node *>(source_row(source))
				   : reinterpret_cast<Node *>(source_column(source, var));
	}
	return mutate_expression(node, to_parameter, context);
}

Node *
from_parameter(Node *node, void *context)
{
	if (node == nullptr)
	{
		return nullptr;
	}
	if (IsA(node, FieldSelect) && IsA(reinterpret_cast<FieldSelect *>(node)->arg, Param))
	{
		auto *field = reinterpret_cast<FieldSelect *>(node);

		return reinterpret_cast<Node *>(makeVar(1, field->fieldnum, field->resulttype,
												field->resulttypmod, field->resultcollid, 0));
	}
	if (IsA(node, Param))
	{
		return reinterpret_cast<Node *>(makeVar(
			1, InvalidAttrNumber, reinterpret_cast<Param *>(node)->paramtype, -1, InvalidOid, 0));
	}
	return mutate_expression(node, from_parameter, context);
}

void
check_expression(ParseState *state, Node *expression, const char *text)
{
	const char *found = state->p_hasSubLinks                     ? "a subquery"
						: state->p_hasAggs                       ? "an aggregate function"
						: state->p_hasWindowFuncs                ? "a window function"
						: state->p_hasTargetSRFs                 ? "a set-returning function"
						: contain_volatile_functions(expression) ? "a volatile function"
																 : nullptr;

	if (found != nullptr)
	{
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("expression \"%s\" contains %s", text, found),
						errdetail("A relationship's value follows from one row of its source.")));
	}
}

SourceValue
expression_value(Relation source, const char *text)
{
	ExpressionSource place = {text};
	ErrorContextCallback callback = {error_context_stack, relocate_error, &place};

	error_context_stack = &callback;

	Node *parsed = parse_expression(text);

	if (IsA(parsed, ColumnRef) && list_length(reinterpret_cast<ColumnRef *>(parsed)->fields) == 1)
	{
		const char *name = strVal(linitial(reinterpret_cast<ColumnRef *>(parsed)->fields));

		if (get_attnum(RelationGetRelid(source), name) == InvalidAttrNumber &&
			strcmp(name, RelationGetRelationName(source)) != 0)
		{
			raise_no_column(source, text);
		}
	}
	ParseState *state = make_parsestate(nullptr);

	state->p_sourcetext = text;
	addNSItemToQuery(
		state, addRangeTableEntryForRelation(state, source, AccessShareLock, nullptr, false, true),
		false, true, true);
	Node *expression = transformExpr(state, parsed, EXPR_KIND_SELECT_TARGET);

	assign_expr_collations(state, expression);
	check_expression(state, expression, text);
	error_context_stack = callback.previous;
	expression = to_parameter(expression, source);
	return {psprintf("(%s)", deparse_expression(expression, NIL, false, false)),
			exprType(expression)};
}

}    // namespace

void
raise_no_column(Relation relation, const char *name)
{
	NearestName nearest = nearest_name_to(name);
	TupleDesc columns = RelationGetDescr(relation);

	for (int i = 0; i < columns->natts; i++)
	{
		if (!TupleDescAttr(columns, i)->attisdropped)
		{
			nearest_name_offer(&nearest, NameStr(TupleDescAttr(columns, i)->attname));
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of relation \"%s\" does not exist", name,
					RelationGetRelationName(relation)),
			 nearest.match != nullptr ? errhint("Perhaps you meant \"%s\".", nearest.match) : 0));
	pg_unreachable();
}

bool
find_source_column(Relation source, const char *name, SourceValue *value)
{
	AttrNumber attnum = get_attnum(RelationGetRelid(source), name);

	if (attnum <= 0)
	{
		return false;
	}
	*value = {psprintf("($1).%s", quote_identifier(name)),
			  TupleDescAttr(RelationGetDescr(source), attnum - 1)->atttypid};
	return true;
}

SourceValue
source_value(Relation source, const char *text)
{
	SourceValue value;

	return find_source_column(source, text, &value) ? value : expression_value(source, text);
}

const char *
without_parameter(Node *expression, Oid source)
{
	return deparse_expression(from_parameter(expression, nullptr),
							  deparse_context_for(get_rel_name(source), source), false, false);
}

}    // namespace gql::pg
