#include "footfall/cli/app.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <system_error>

#include "footfall/base/words.h"
#include "footfall/cli/failure.h"
#include "footfall/cli/help.h"
#include "footfall/cli/json_file.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/render_documents.h"
#include "footfall/cli/report.h"
#include "footfall/cli/terminal_progress.h"

namespace footfall::cli {
namespace {

const std::atomic<bool> kNeverStop{false};
constexpr std::size_t kUnbrokenWidth = 1'000'000;

std::string dump(const Json& document) {
  return engine::dump(document) + "\n";
}

bool names_a_file(const std::string& question) {
  return question == "-" || question.ends_with(".json") || question.find('/') != std::string::npos;
}

// A question from a file; flags beside it win over the file's keys.
base::Result<Json> read_question(const Json& request, const base::Progress& progress) {
  const std::string path = request["question"].get<std::string>();
  FOOTFALL_TRY(Json document, read_json_file(path, progress));
  if (!document.is_object()) {
    return base::invalid(fmt::format("{}: expected a JSON object with a question: {}", path,
                                     base::printable(document.dump())),
                         "question");
  }
  for (const auto& [key, value] : request.items()) {
    if (key != "question") document[key] = value;
  }
  return document;
}

class App {
 public:
  App(const Surroundings& surroundings, const std::vector<engine::QuestionSummary>& questions)
      : surroundings_(surroundings), questions_(questions) {
    style_.width = std::clamp(surroundings.columns, kWidthMin, kWidthMax);
    style_.color = surroundings.output_is_terminal && !surroundings.no_color;
    error_style_ = style_;
    error_style_.color = surroundings.errors_are_terminal && !surroundings.no_color;
    // A message in a log stays on one line.
    if (!surroundings.errors_are_terminal) error_style_.width = kUnbrokenWidth;
    progress_style_ = error_style_;
    progress_style_.width = style_.width;
  }

  Outcome run(const std::vector<std::string>& words, const RunnerMaker& maker) {
    // The wish for JSON holds also where the rest of the line cannot be read.
    const auto ended = std::find(words.begin(), words.end(), "--");
    if (std::find(words.begin(), ended, "--json") != ended) form_ = OutputForm::kJson;
    auto invocation = parse_arguments(words, questions_);
    if (!invocation.ok()) return failed(invocation.error());
    form_ = invocation->form;
    style_.full = invocation->full;
    if (invocation->no_color) {
      style_.color = error_style_.color = progress_style_.color = false;
    }
    if (invocation->version) return said("version", fmt::format("footfall {}\n", kVersion));
    if (invocation->help) return said("help", help(*invocation));
    auto outcome = run_verb(std::move(*invocation), maker);
    return outcome.ok() ? std::move(*outcome) : failed(outcome.error());
  }

  /// The answer where something of ours or below us threw: also then a document, if one was asked.
  Outcome threw(base::ErrorCode code, std::string message) const {
    return failed(base::Error{code, std::move(message), {}, ""});
  }

 private:
  Outcome said(const char* key, std::string text) const {
    if (form_ != OutputForm::kJson) return {kExitDone, std::move(text), ""};
    return {kExitDone, dump(Json{{key, base::trim(text)}}), ""};
  }

  Outcome failed(const base::Error& error) const {
    const int code = exit_code(error.code);
    if (form_ == OutputForm::kJson) return {code, dump(error_document(error)), ""};
    return {code, "", error_text(error, error_style_)};
  }

  std::string help(const Invocation& invocation) const {
    if (invocation.verb.empty()) return program_help(style_);
    const std::string name = invocation.request.value("question", "");
    for (const auto& question : questions_) {
      // `footfall ask funnel --help` names no shop; what it wants is clear.
      if (question.name == name || (invocation.verb == "ask" && question.name == invocation.shop)) {
        return question_help(question, style_);
      }
    }
    return verb_help(invocation.verb, questions_, style_);
  }

  ProgressForm progress_form(const Invocation& invocation) const {
    if (invocation.quiet || !surroundings_.write_progress || !surroundings_.clock) {
      return ProgressForm::kSilent;
    }
    if (surroundings_.errors_are_terminal) return ProgressForm::kRedraw;
    return form_ == OutputForm::kText ? ProgressForm::kLines : ProgressForm::kSilent;
  }

  base::Result<Outcome> run_verb(Invocation invocation, const RunnerMaker& maker) {
    const bool asks = invocation.verb == "ask" || invocation.verb == "sql";
    if (form_ == OutputForm::kCsv && !asks) {
      return base::invalid(fmt::format("--csv: expected a verb that answers with a table (ask, "
                                       "sql): {}",
                                       invocation.verb),
                           "csv");
    }
    TerminalProgress progress(surroundings_.stop == nullptr ? &kNeverStop : surroundings_.stop,
                              {progress_form(invocation), progress_style_,
                               surroundings_.write_progress, surroundings_.clock});
    FOOTFALL_RETURN_IF_ERROR(read_files(invocation, progress));
    const VerbRunner runner = maker(invocation, progress);
    auto document = invocation.verb == "report" ? write_report(runner, invocation.request, progress)
                                                : runner(invocation.verb, invocation.request);
    progress.finish();
    if (!document.ok()) return std::move(document).error();
    return show(invocation, *document);
  }

  base::Status read_files(Invocation& invocation, const base::Progress& progress) const {
    Json& request = invocation.request;
    if (invocation.verb == "ask" && names_a_file(request["question"].get<std::string>())) {
      FOOTFALL_TRY(request, read_question(request, progress));
    }
    if (invocation.verb == "collect" && request.contains("map") && request["map"].is_string()) {
      FOOTFALL_TRY(request["map"], read_json_file(request["map"].get<std::string>(), progress));
    }
    return base::Ok{};
  }

  base::Result<Outcome> show(const Invocation& invocation, const Json& document) const {
    Outcome outcome;
    const std::string attention = attention_of(invocation.verb, document);
    if (!attention.empty()) {
      outcome.exit_code = kExitLook;
      outcome.errors = error_style_.paint("footfall:", Tone::kBad) + " " +
                       wrap(safe(attention), error_style_.width, 2, 10) + "\n";
    }
    if (form_ == OutputForm::kJson) {
      outcome.output = dump(document);
    } else if (form_ == OutputForm::kCsv) {
      FOOTFALL_TRY(outcome.output, render_csv(document));
    } else {
      FOOTFALL_TRY(outcome.output,
                   render_document(invocation.verb, document, invocation.request, style_));
    }
    return outcome;
  }

  const Surroundings& surroundings_;
  const std::vector<engine::QuestionSummary>& questions_;
  OutputForm form_ = OutputForm::kText;
  Style style_;
  Style error_style_;
  Style progress_style_;
};

}  // namespace

Outcome run_app(const std::vector<std::string>& words, const Surroundings& surroundings,
                const std::vector<engine::QuestionSummary>& questions, const RunnerMaker& runner) {
  App app(surroundings, questions);
  try {
    return app.run(words, runner);
  } catch (const std::bad_alloc&) {
    return app.threw(base::ErrorCode::kMemory, "expected more memory: none is left");
  } catch (const std::system_error& failure) {  // A thread that could not be begun.
    return app.threw(base::ErrorCode::kMemory,
                     fmt::format("expected more of the machine: {}", failure.what()));
  } catch (const std::exception& failure) {
    return app.threw(base::ErrorCode::kIo,
                     fmt::format("this is our own failure, please report it: {}", failure.what()));
  }
}

}  // namespace footfall::cli
