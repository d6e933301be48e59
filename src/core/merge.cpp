// How do several calls of graphql_query() with one document become one request?
//
// Names of copies are made so that none can meet another: fields of copy 3 are a3_..., its
// variables v3_..., its fragments f3_...; what all copies share has no number (v_..., f_...).

#include "core/merge.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/json_walk.hpp"
#include "core/query.hpp"

namespace gql
{

namespace
{

std::string
shared_name(char kind, std::string_view name)
{
	return std::string(1, kind).append("_").append(name);
}

std::string
copy_name(char kind, size_t copy, std::string_view name)
{
	return kind + std::to_string(copy).append("_").append(name);
}

class Writer
{
public:
	Writer(const MergeSource &source, const std::vector<bool> &differing)
		: source_(source), differing_(differing), own_(source.fragments.size())
	{
		find_own_fragments();
	}

	void write_variables(std::string &out, size_t slots) const;
	void write_selections(std::string &out, size_t slots) const;
	void write_fragments(std::string &out, size_t slots) const;

private:
	void find_own_fragments();
	bool is_own(const Piece &piece) const;
	void write(std::string &out, const std::vector<Piece> &pieces, size_t copy) const;

	const MergeSource &source_;
	const std::vector<bool> &differing_;
	std::vector<bool> own_;    // by fragment: each copy has one of its own
};

// Must this name be another one in each copy?
bool
Writer::is_own(const Piece &piece) const
{
	switch (piece.kind)
	{
		case Piece::Kind::variable:
			for (size_t i = 0; i < source_.variables.size(); i++)
			{
				if (source_.variables[i].name == piece.text)
				{
					return differing_[i];
				}
			}
			return false;
		case Piece::Kind::fragment:
			for (size_t i = 0; i < source_.fragments.size(); i++)
			{
				if (source_.fragments[i].name == piece.text)
				{
					return own_[i];
				}
			}
			return false;
		case Piece::Kind::response_key:
			return true;
		case Piece::Kind::text:
			break;
	}
	return false;
}

// A fragment that uses a variable of each copy, itself or in fragments that it spreads.
void
Writer::find_own_fragments()
{
	for (bool found = true; found;)
	{
		found = false;
		for (size_t i = 0; i < own_.size(); i++)
		{
			const std::vector<Piece> &body = source_.fragments[i].body;

			if (!own_[i] && std::any_of(body.begin(), body.end(),
										[this](const Piece &piece) { return is_own(piece); }))
			{
				own_[i] = found = true;
			}
		}
	}
}

void
Writer::write(std::string &out, const std::vector<Piece> &pieces, size_t copy) const
{
	for (const Piece &piece : pieces)
	{
		char kind = piece.kind == Piece::Kind::variable   ? 'v'
					: piece.kind == Piece::Kind::fragment ? 'f'
														  : 'a';

		if (piece.kind == Piece::Kind::text)
		{
			out.append(piece.text);
			continue;
		}
		out.append(piece.kind == Piece::Kind::variable ? "$" : "");
		out.append(is_own(piece) ? copy_name(kind, copy, piece.text)
								 : shared_name(kind, piece.text));
		out.append(" ");
	}
}

void
Writer::write_variables(std::string &out, size_t slots) const
{
	const char *separator = "(";

	for (size_t i = 0; i < source_.variables.size(); i++)
	{
		const VariableDefinition &variable = source_.variables[i];

		for (size_t copy = 0; copy < (differing_[i] ? slots : 1); copy++)
		{
			out.append(separator).append("$");
			out.append(differing_[i] ? copy_name('v', copy, variable.name)
									 : shared_name('v', variable.name));
			out.append(variable.rest);
			separator = ", ";
		}
	}
	out.append(source_.variables.empty() ? "" : ")");
}

void
Writer::write_selections(std::string &out, size_t slots) const
{
	out.append("{ ");
	for (size_t copy = 0; copy < slots; copy++)
	{
		write(out, source_.selections, copy);
	}
	out.append("}");
}

void
Writer::write_fragments(std::string &out, size_t slots) const
{
	for (size_t i = 0; i < own_.size(); i++)
	{
		const FragmentDefinition &fragment = source_.fragments[i];

		for (size_t copy = 0; copy < (own_[i] ? slots : 1); copy++)
		{
			out.append(" fragment ");
			out.append(own_[i] ? copy_name('f', copy, fragment.name)
							   : shared_name('f', fragment.name));
			out.append(" ");
			write(out, fragment.body, copy);
		}
	}
}

// The values of one call, in the order of the document's variables; "" for those it leaves out.
std::vector<std::string>
read_values(const MergeSource &source, std::string_view variables, JsonText &text)
{
	std::vector<std::string> values(source.variables.size());
	std::string scratch;

	text.open_copy(variables);
	for (auto field : text.root())
	{
		JsonField member = json_take(std::move(field));
		std::string_view name = json_key(member, scratch);
		auto found =
			std::find_if(source.variables.begin(), source.variables.end(),
						 [name](const VariableDefinition &known) { return known.name == name; });

		if (found != source.variables.end())
		{
			values[static_cast<size_t>(found - source.variables.begin())] =
				json_raw(member.value());
		}
	}
	return values;
}

using Values = std::vector<std::vector<std::string>>;    // of each call

std::vector<bool>
find_differing(const MergeSource &source, const Values &values)
{
	std::vector<bool> differing(source.variables.size());

	for (size_t i = 0; i < differing.size(); i++)
	{
		differing[i] = std::any_of(values.begin(), values.end(),
								   [&](const std::vector<std::string> &call)
								   { return call[i] != values[0][i]; });
	}
	return differing;
}

void
append_variable(std::string &out, const std::string &name, const std::string &value)
{
	if (!value.empty())
	{
		out.append(out.empty() ? "" : ",");
		append_quoted(out, name);
		out.append(":").append(value);
	}
}

// Copies beyond the last call repeat it.
std::string
write_values(const Merge &merge, const Values &values)
{
	const std::vector<VariableDefinition> &variables = merge.source.variables;
	std::string out;

	for (size_t i = 0; i < variables.size(); i++)
	{
		if (!merge.differing[i])
		{
			append_variable(out, shared_name('v', variables[i].name), values[0][i]);
			continue;
		}
		for (size_t copy = 0; copy < merge.slots; copy++)
		{
			append_variable(out, copy_name('v', copy, variables[i].name),
							values[std::min(copy, values.size() - 1)][i]);
		}
	}
	return out;
}

const std::string &
write_body(Merge &merge, const std::string_view *variables, size_t count)
{
	size_t slots = alias_slots(count);
	Values values;
	JsonText text;

	for (size_t i = 0; i < count; i++)
	{
		values.push_back(read_values(merge.source, variables[i], text));
	}

	std::vector<bool> differing = find_differing(merge.source, values);

	if (merge.slots != slots || merge.differing != differing)
	{
		merge.slots = 0;
		merge.document.clear();
		append_quoted(merge.document, merged_document(merge.source, slots, differing));
		merge.differing = std::move(differing);
		merge.slots = slots;
	}
	merge.body = "{\"query\":" + merge.document;

	std::string written = write_values(merge, values);

	if (!written.empty())
	{
		merge.body.append(",\"variables\":{").append(written).append("}");
	}
	if (!merge.operation.empty())
	{
		merge.body.append(",\"operationName\":");
		append_quoted(merge.body, merge.operation);
	}
	merge.body.append("}");
	return merge.body;
}

}    // namespace

std::string
merged_document(const MergeSource &source, size_t slots, const std::vector<bool> &differing)
{
	Writer writer(source, differing);
	std::string document = "query ";

	document.append(source.name);
	writer.write_variables(document, slots);
	document.append(" ");
	writer.write_selections(document, slots);
	writer.write_fragments(document, slots);
	return document;
}

Merge *
merge_open(std::string_view document, std::string_view operation, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto merge = std::make_unique<Merge>();

					   merge->source = read_merge_source(document, operation);
					   merge->operation = operation;
					   return merge.release();
				   });
}

void
merge_close(Merge *merge) noexcept
{
	delete merge;
}

std::string_view
merge_body(Merge *merge, const std::string_view *variables, size_t count, Error &err) noexcept
{
	return guarded(err, [&]() -> std::string_view { return write_body(*merge, variables, count); });
}

}    // namespace gql
