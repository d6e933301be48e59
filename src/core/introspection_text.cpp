// Which requests ask an API for its whole schema?
//
// Their texts are those of graphql-js's getIntrospectionQuery(), byte for byte and blank lines
// included: some APIs know that text, and let it pass limits that it exceeds.

#include <array>
#include <memory>

#include "core/introspection.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

struct Variant
{
	bool one_of;
	bool input_deprecation;
	bool others;    // what came with the edition of 2021: URLs of scalars and the like
};

// From the newest edition of the specification to what every server knows.
constexpr std::array<Variant, 4> variants = {
	{{true, true, true}, {false, true, true}, {false, false, true}, {false, false, false}}};

// Words that begin with @ are not in every variant.
constexpr std::string_view question = R"(
    query IntrospectionQuery {
      __schema {
        @schema
        queryType { name kind }
        mutationType { name kind }
        subscriptionType { name kind }
        types {
          ...FullType
        }
        directives {
          name
          description
          @repeatable
          
          
          locations
          args@inputs {
            ...InputValue
          }
        }
      }
    }

    fragment FullType on __Type {
      kind
      name
      description
      @specified
      @oneof
      fields(includeDeprecated: true) {
        name
        description
        args@inputs {
          ...InputValue
        }
        type {
          ...TypeRef
        }
        isDeprecated
        deprecationReason
      }
      inputFields@inputs {
        ...InputValue
      }
      interfaces {
        ...TypeRef
      }
      enumValues(includeDeprecated: true) {
        name
        description
        isDeprecated
        deprecationReason
      }
      possibleTypes {
        ...TypeRef
      }
    }

    fragment InputValue on __InputValue {
      name
      description
      type { ...TypeRef }
      defaultValue
      @deprecated
      @reason
    }

    fragment TypeRef on __Type {
      kind
      name
      ofType {
        name
        kind
        ofType {
          name
          kind
          ofType {
            name
            kind
            ofType {
              name
              kind
              ofType {
                name
                kind
                ofType {
                  name
                  kind
                  ofType {
                    name
                    kind
                    ofType {
                      name
                      kind
                      ofType {
                        name
                        kind
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  )";

void
replace_word(std::string &text, std::string_view word, std::string_view by)
{
	for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at))
	{
		text.replace(at, word.size(), by);
	}
}

std::string
make_body(const Variant &variant)
{
	auto when = [](bool wanted, std::string_view word)
	{ return wanted ? word : std::string_view(); };
	std::string text(question);
	std::string body = "{\"operationName\":\"IntrospectionQuery\",\"query\":";

	replace_word(text, "@schema", when(variant.others, "description"));
	replace_word(text, "@repeatable", when(variant.others, "isRepeatable"));
	replace_word(text, "@specified", when(variant.others, "specifiedByURL"));
	replace_word(text, "@oneof", when(variant.one_of, "isOneOf"));
	replace_word(text, "@inputs", when(variant.input_deprecation, "(includeDeprecated: true)"));
	replace_word(text, "@deprecated", when(variant.input_deprecation, "isDeprecated"));
	replace_word(text, "@reason", when(variant.input_deprecation, "deprecationReason"));
	append_quoted(body, text);
	return body + '}';
}

}    // namespace

const std::vector<std::string> &
introspection_bodies()
{
	static const auto *const bodies = []
	{
		auto made = std::make_unique<std::vector<std::string>>();

		for (const Variant &variant : variants)
		{
			made->push_back(make_body(variant));
		}
		return made.release();
	}();

	return *bodies;
}

}    // namespace gql
