// The question `sessions`: visits, their length and how busy they are.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind sessions_question();

}  // namespace footfall::engine
