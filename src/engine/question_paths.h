// The question `paths`: ways through a session.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind paths_question();

}  // namespace footfall::engine
