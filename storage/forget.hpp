// Empties the answers of changes and questions: before they are asked, so that nothing old is taken
// for an answer, and after a failure. What is asked stays. Pure; any thread.
#pragma once

#include "storage/store.hpp"

namespace onechat::storage {

void forget_answer(change& asked);
void forget_answer(question& asked);

}  // namespace onechat::storage
