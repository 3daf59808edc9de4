// The question `rfm`: recency, frequency and money scores of persons as a grid with named cells.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind rfm_question();

}  // namespace footfall::engine
