// How is a schema written in the schema definition language (SDL)?

#include "core/sdl_write.hpp"

#include <algorithm>

#include "core/json_text.hpp"
#include "core/literal.hpp"
#include "core/schema_build.hpp"

namespace gql
{

namespace
{

std::string
input_text(const InputInfo &input)
{
	std::string text = input.name + ": " + type_text(input.type);

	return input.has_default ? text + " = " + input.default_value : text;
}

// Whether the lines of a block string stand for this very text: they lose common indent, and blank
// lines at both ends.
bool
fits_block_string(std::string_view text)
{
	bool flush = false;
	bool line_start = true;

	for (char c : text)
	{
		if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
		{
			return false;
		}
		flush = flush || (line_start && c != ' ' && c != '\t' && c != '\n');
		line_start = c == '\n';
	}

	size_t first = text.find_first_not_of(" \t");
	size_t last = text.find_last_not_of(" \t");

	return flush && text[first] != '\n' && text[last] != '\n';
}

class SdlWriter
{
public:
	explicit SdlWriter(const SchemaTypes &schema) : schema_(schema) {}

	std::string
	write()
	{
		write_schema();
		write_key_directive();
		for (const auto &entry : schema_.types)
		{
			if (!is_built_in(entry.first))
			{
				write_type(entry.second);
			}
		}
		return std::move(out_);
	}

private:
	void
	begin_definition()
	{
		out_.append(out_.empty() ? "" : "\n");
	}

	// Only where readers would not find the roots by their names.
	void
	write_schema()
	{
		const std::pair<const char *, const std::string &> roots[] = {
			{"Query", schema_.query_type},
			{"Mutation", schema_.mutation_type},
			{"Subscription", schema_.subscription_type}};
		bool usual = schema_.description.empty();

		for (const auto &root : roots)
		{
			usual = usual && (root.second == root.first ||
							  (root.second.empty() && schema_.types.count(root.first) == 0));
		}
		if (usual)
		{
			return;
		}
		write_description(schema_.description, "");
		out_.append("schema {\n");
		for (const auto &root : roots)
		{
			if (!root.second.empty())
			{
				out_.append("  ").append(lower_case(root.first)).append(": ");
				out_.append(root.second).append("\n");
			}
		}
		out_.append("}\n");
	}

	void
	write_key_directive()
	{
		if (std::any_of(schema_.types.begin(), schema_.types.end(),
						[](const auto &entry) { return !entry.second.keys.empty(); }))
		{
			begin_definition();
			out_.append("directive @key(fields: String!) repeatable on OBJECT | INTERFACE\n");
		}
	}

	void
	write_description(const std::string &description, const std::string &indent)
	{
		if (description.empty())
		{
			return;
		}
		out_.append(indent);
		if (!fits_block_string(description))
		{
			append_quoted(out_, description);
			out_.append("\n");
			return;
		}
		out_.append("\"\"\"\n");
		write_block_lines(description, indent);
		out_.append(indent).append("\"\"\"\n");
	}

	void
	write_block_lines(std::string_view text, const std::string &indent)
	{
		for (size_t start = 0; start <= text.size();)
		{
			size_t end = std::min(text.find('\n', start), text.size());
			std::string line = block_string_text(text.substr(start, end - start));

			out_.append(line.empty() ? "" : indent).append(line).append("\n");
			start = end + 1;
		}
	}

	void
	write_deprecation(bool deprecated, const std::string &reason)
	{
		if (deprecated)
		{
			out_.append(" @deprecated");
			if (reason != default_deprecation)
			{
				out_.append("(reason: ");
				append_quoted(out_, reason);
				out_.append(")");
			}
		}
	}

	void
	write_type(const TypeInfo &type)
	{
		begin_definition();
		write_description(type.description, "");
		switch (type.kind)
		{
			case TypeKind::scalar:
				out_.append("scalar ").append(type.name);
				if (!type.specified_by.empty())
				{
					out_.append(" @specifiedBy(url: ");
					append_quoted(out_, type.specified_by);
					out_.append(")");
				}
				break;
			case TypeKind::object:
			case TypeKind::interface:
				out_.append(type.kind == TypeKind::object ? "type " : "interface ");
				out_.append(type.name);
				write_names(" implements ", " & ", type.interfaces);
				for (const std::string &key : type.keys)
				{
					out_.append(" @key(fields: ");
					append_quoted(out_, key);
					out_.append(")");
				}
				write_parts(type.fields, [this](const FieldInfo &field) { write_field(field); });
				break;
			case TypeKind::union_type:
				out_.append("union ").append(type.name);
				write_names(" = ", " | ", type.possible);
				break;
			case TypeKind::enumeration:
				out_.append("enum ").append(type.name);
				write_parts(type.values,
							[this](const EnumValueInfo &value) { out_.append(value.name); });
				break;
			case TypeKind::input_object:
				out_.append("input ").append(type.name).append(type.one_of ? " @oneOf" : "");
				write_parts(type.inputs,
							[this](const InputInfo &input) { out_.append(input_text(input)); });
		}
		out_.append("\n");
	}

	void
	write_names(const char *start, const char *separator, const std::vector<std::string> &names)
	{
		const char *before = start;

		for (const std::string &name : names)
		{
			out_.append(before).append(name);
			before = separator;
		}
	}

	template <typename T, typename F>
	void
	write_parts(const std::vector<T> &parts, F write_part)
	{
		if (parts.empty())
		{
			return;
		}
		out_.append(" {\n");
		for (const T &part : parts)
		{
			write_description(part.description, "  ");
			out_.append("  ");
			write_part(part);
			write_deprecation(part.deprecated, part.deprecation);
			out_.append("\n");
		}
		out_.append("}");
	}

	void
	write_field(const FieldInfo &field)
	{
		bool simple = std::none_of(field.arguments.begin(), field.arguments.end(),
								   [](const InputInfo &argument) {
									   return argument.deprecated || !argument.description.empty();
								   });

		out_.append(field.name);
		if (simple)
		{
			out_.append(arguments_text(field.arguments));
		}
		else
		{
			out_.append("(\n");
			for (const InputInfo &argument : field.arguments)
			{
				write_description(argument.description, "    ");
				out_.append("    ").append(input_text(argument));
				write_deprecation(argument.deprecated, argument.deprecation);
				out_.append("\n");
			}
			out_.append("  )");
		}
		out_.append(": ").append(type_text(field.type));
	}

	const SchemaTypes &schema_;
	std::string out_;
};

}    // namespace

std::string
arguments_text(const std::vector<InputInfo> &arguments)
{
	std::string text;

	for (const InputInfo &argument : arguments)
	{
		text.append(text.empty() ? "(" : ", ").append(input_text(argument));
	}
	return text.empty() ? text : text + ')';
}

std::string
write_sdl(const SchemaTypes &schema)
{
	return SdlWriter(schema).write();
}

}    // namespace gql
