// The question `retention`: who comes back in later days, weeks or months.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind retention_question();

}  // namespace footfall::engine
