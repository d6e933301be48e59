// Which parts of a condition does the API's filter say?

#include "pg/filter_parts.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// What a condition joins.
List *
joined(const Node *condition)
{
	if (IsA(condition, BoolExpr) &&
		reinterpret_cast<const BoolExpr *>(condition)->boolop != NOT_EXPR)
	{
		return reinterpret_cast<const BoolExpr *>(condition)->args;
	}
	if (IsA(condition, BooleanTest) &&
		reinterpret_cast<const BooleanTest *>(condition)->booltesttype == IS_TRUE)
	{
		return list_make1(reinterpret_cast<const BooleanTest *>(condition)->arg);
	}
	return NIL;
}

// The same, joining something else.
Node *
join_again(const Node *condition, List *parts)
{
	if (IsA(condition, BooleanTest))
	{
		auto *test = copy_node(reinterpret_cast<const BooleanTest *>(condition));

		test->arg = static_cast<Expr *>(linitial(parts));
		return reinterpret_cast<Node *>(test);
	}
	return list_length(parts) == 1
			   ? static_cast<Node *>(linitial(parts))
			   : reinterpret_cast<Node *>(makeBoolExpr(
					 reinterpret_cast<const BoolExpr *>(condition)->boolop, parts, -1));
}

Node *
leave_out(Node *condition, const List *parts, int number)
{
	List *left = NIL;
	int next = number + 1;
	ListCell *cell;

	if (list_member_int(parts, number))
	{
		return nullptr;
	}
	foreach (cell, joined(condition))
	{
		auto *part = static_cast<Node *>(lfirst(cell));
		Node *rest = leave_out(part, parts, next);

		if (rest != nullptr)
		{
			left = lappend(left, rest);
		}
		next += count_parts(part);
	}
	return left == NIL ? condition : join_again(condition, left);
}

}    // namespace

int
count_parts(const Node *condition)
{
	int count = 1;
	ListCell *cell;

	foreach (cell, joined(condition))
	{
		count += count_parts(static_cast<Node *>(lfirst(cell)));
	}
	return count;
}

Node *
find_part(Node *condition, int part)
{
	ListCell *cell;

	if (part == 0)
	{
		return condition;
	}
	part--;
	foreach (cell, joined(condition))
	{
		auto *inner = static_cast<Node *>(lfirst(cell));

		if (part < count_parts(inner))
		{
			return find_part(inner, part);
		}
		part -= count_parts(inner);
	}
	return condition;
}

Node *
without_parts(Node *condition, const List *parts)
{
	return parts == NIL ? condition : leave_out(condition, parts, 0);
}

}    // namespace gql::pg
