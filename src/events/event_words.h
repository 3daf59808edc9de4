// Words that sources use for behaviour, and the event names they stand for.
#pragma once

#include <string>
#include <string_view>

namespace footfall::events {

/// "addtocart", "Add to cart", "pv", "buy" -> "add_to_cart", "add_to_cart", "view_item",
/// "purchase"; "" when the word is not known. GA4's own names stand for themselves.
std::string_view event_of_word(std::string_view word);

/// The event a cell names: a known word's, else the cell itself in snake case as an own name;
/// "" when nothing well formed is left.
std::string event_of_cell(std::string_view cell);

}  // namespace footfall::events
