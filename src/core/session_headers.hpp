// How are the templates of session headers read, and filled in?
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/door/session_headers.hpp"
#include "core/headers.hpp"

namespace gql
{

// Literal text or, with a variable, what takes its place.
struct TemplatePiece
{
	std::string text;    // literal, or the variable as it is spelled: "request.jwt.claims->sub"
	int variable = -1;
	std::vector<std::string> members;    // the way into the variable's JSON object
	bool required = false;
};

struct SessionTemplate
{
	std::string header;
	std::vector<TemplatePiece> pieces;
};

struct SessionTemplates
{
	std::vector<SessionTemplate> headers;
	std::vector<std::string> variables;    // each once
};

// The option session_headers. Throws Failure (invalid_option).
SessionTemplates parse_session_headers(std::string_view json);

// The headers whose variables all have values. Throws Failure, see request_headers_open().
Headers fill_session_headers(const SessionTemplates &templates, const std::string_view *values);

struct RequestHeaders
{
	std::shared_ptr<const curl_slist> list;
};

}    // namespace gql
