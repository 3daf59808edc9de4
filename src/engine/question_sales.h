// The question `sales`: gross, refunds, net, orders and customers by period, country or item.
#pragma once

#include "footfall/engine/question.h"

namespace footfall::engine {

QuestionKind sales_question();

}  // namespace footfall::engine
