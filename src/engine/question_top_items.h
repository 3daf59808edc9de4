// The question `top_items`: items by units, orders, revenue, persons or events of a name.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind top_items_question();

}  // namespace footfall::engine
