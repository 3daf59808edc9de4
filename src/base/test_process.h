// TestProcess: one disabled test of this program, run in a process of its own that is killed.
//
// Not a fork of the running tests: a fork of a process that has threads may start none of its own,
// and waits for good for a lock that one of those threads held.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace footfall::base {

class TestProcess {
 public:
  /// Starts `test`, such as "Writer.DISABLED_CommitsUntilKilled", with `variables` ("NAME=value")
  /// beside ours.
  TestProcess(const std::string& test, std::vector<std::string> variables) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    reports_ = ends[0];
    std::vector<std::string> words{"test", "--gtest_also_run_disabled_tests", "--gtest_brief=1",
                                   "--gtest_output=", "--gtest_filter=" + test};
    std::vector<char*> argv = pointers(words);
    std::vector<char*> environment = pointers(variables);
    for (char** variable = environ; *variable != nullptr; ++variable) {
      environment.insert(environment.end() - 1, *variable);
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], kReports);
    EXPECT_EQ(::posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, argv.data(),
                            environment.data()),
              0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }
  TestProcess(const TestProcess&) = delete;
  TestProcess& operator=(const TestProcess&) = delete;
  ~TestProcess() { ::close(reports_); }

  /// The next number that the test reports; false when it has ended.
  bool next(std::size_t& number) const {
    return ::read(reports_, &number, sizeof(number)) == sizeof(number);
  }

  /// Kills the test so long after its first report, which it makes before its work. Gives the
  /// status as of waitpid(): a test may have ended of itself.
  int kill_after(std::chrono::microseconds time) {
    std::size_t ready = 0;
    EXPECT_TRUE(next(ready)) << "the test does not start";
    std::this_thread::sleep_for(time);
    ::kill(process_, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, 0), process_);
    return status;
  }

  /// In the test that was started.
  static void report(std::size_t number) {
    ASSERT_EQ(::write(kReports, &number, sizeof(number)), ssize_t{sizeof(number)});
  }

 private:
  static constexpr int kReports = 3;  // A descriptor of the started process.

  static std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (std::string& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
  }

  int reports_ = -1;
  pid_t process_ = -1;
};

}  // namespace footfall::base
