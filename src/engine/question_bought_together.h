// The question `bought_together`: pairs of items in one basket, beyond chance.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind bought_together_question();

}  // namespace footfall::engine
