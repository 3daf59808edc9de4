// The question `transitions`: which event follows which.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind transitions_question();

}  // namespace footfall::engine
