// A wish to stop (Ctrl-C) is heard while a command waits for input that does not come.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "footfall/cli/failure.h"
#include "footfall/cli/front_door.h"
#include "footfall/cli/signals.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;

class InterruptedReads : public FrontDoor {
 protected:
  void SetUp() override {
    FrontDoor::SetUp();
    pipe_ = folder_ + "/orders.csv";
    ASSERT_EQ(::mkfifo(pipe_.c_str(), 0600), 0);
  }
  static Outcome run_until(const std::vector<std::string>& words, const std::atomic<bool>& stop) {
    const auto maker = [](const Invocation& invocation, base::Progress& progress) {
      return engine_runner({invocation.shop, "", 2, kNow}, progress);
    };
    Surroundings surroundings;
    surroundings.stop = &stop;
    return run_app(words, surroundings, engine::question_catalogue(), maker);
  }
  std::string pipe_;
};

TEST_F(InterruptedReads, EndAtOnceAndLeaveTheShopAsItWas) {
  const std::string good = write("good.csv", "event,time,user\nview,2021-01-13,u1\n");
  const std::vector<std::vector<std::string>> commands = {
      {"collect", shop_, pipe_},
      {"collect", shop_, good, pipe_},
      {"collect", shop_, good, "--map", pipe_},
      {"ask", shop_, pipe_},
      {"report", shop_, "--learned", pipe_, "--output", folder_ + "/page.html"}};
  const std::string before = standing_of(shop_);
  for (const auto& words : commands) {
    // Before the writer comes, and after it has said a part.
    for (const bool begun : {false, true}) {
      std::atomic<bool> stop{false};
      std::thread user([&] {
        std::ofstream writer;
        if (begun) writer.open(pipe_);
        if (begun) writer << "event,time,user\nview,2021-01-13,u1\n" << std::flush;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop = true;
        // Long enough that the end of the input is not what ends the reading.
        std::this_thread::sleep_for(std::chrono::milliseconds(begun ? 300 : 0));
      });
      const Outcome outcome = run_until(words, stop);
      user.join();
      EXPECT_EQ(outcome.exit_code, kExitLook) << words[0] << begun;
      EXPECT_THAT(outcome.errors, HasSubstr("stopped before")) << words[0] << begun;
    }
  }
  EXPECT_EQ(standing_of(shop_), before);
}

TEST_F(InterruptedReads, EndAtTheFirstSignal) {
  const std::atomic<bool>& stop = watch_signals();
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::kill(::getpid(), SIGINT);
  });
  const Outcome outcome = run_until({"collect", shop_, pipe_}, stop);
  user.join();
  EXPECT_EQ(outcome.exit_code, kExitLook);
  EXPECT_THAT(outcome.errors, HasSubstr("stopped before anything was written"));
  ::signal(SIGTERM, SIG_DFL);
}

}  // namespace
}  // namespace footfall::cli
