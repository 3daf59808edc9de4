// Month names: months as shops' systems write them, in English, German, French and Spanish.
#pragma once

#include <string_view>

namespace footfall::events {

/// 1 .. 12 for a name or its usual short form, in any case of its ASCII letters, with or without
/// accents ("Jan", "march", "März", "févr", "ago"); 0 for any other word.
int month_of(std::string_view word);

}  // namespace footfall::events
