// How does one way to reach the rows of a table get its arguments?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/table.hpp"

namespace gql
{

// Puts arguments where they belong and resolves the columns they name. Whatever cannot be is
// refused by a Failure (invalid_option) that names `option`.
class AccessBuilder
{
public:
	AccessBuilder(const RemoteTable &table, std::string_view field, std::string_view option);

	void add_template(Template arguments);
	// Objects of other types are no rows.
	void set_condition(std::string type);
	// The `argument` options of columns.
	void add_columns();
	// The arguments that ask for pages, as said by `option`.
	void add_pages(Pagination pages, std::string_view option);

	// Takes the arguments of the order where they belong to this field, too: one of a table whose
	// field is `field`.
	void add_order(const std::vector<std::string> &field, const Order &order);

	// Is the field that takes this argument, in a table whose field is `field`, on the way to these
	// rows, too? The same one, or one of that name below another field.
	bool shares(const std::vector<std::string> &field, std::string_view argument) const;

	AccessPlan finish();

private:
	[[noreturn]] void refuse(const std::string &problem, const char *hint = "") const;
	void check_beside_rows(const std::vector<std::string> &path) const;
	void resolve(Template &node) const;
	void note_columns(const Template &node, bool in_list);
	void note(int column, Need need, bool list);
	ListKind list_kind() const;
	void place(std::string_view spelling, Template node);
	bool takes(std::string_view argument);

	const RemoteTable &table_;
	std::string_view option_;
	AccessPlan plan_;
};

}    // namespace gql
