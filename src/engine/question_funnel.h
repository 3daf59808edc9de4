// The question `funnel`: how far people get through steps in order.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind funnel_question();

}  // namespace footfall::engine
