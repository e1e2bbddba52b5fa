#include "cli/console.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace foliot::cli {
namespace {

void write_to(int fd, std::string_view text) { write_all(fd, text); }

std::string length_text(const RunReport& report) {
    if (report.started == 0) return {};
    std::array<char, 32> text{};
    const double seconds = static_cast<double>(report.ended - report.started) / kSecond;
    std::snprintf(text.data(), text.size(), " after %.3f s", seconds);
    return text.data();
}

}  // namespace

Console::Console(bool end_as_json) {
    if (!end_as_json) return;
    json_out_ = Fd(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!json_out_ || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        throw_errno("put standard error in the place of output");
}

void Console::on_output(Stream stream, std::string_view bytes) {
    write_to(stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO, bytes);
}

void Console::on_log(Micros at, std::string_view line) {
    write_to(STDERR_FILENO, iso_time(at) + " " + std::string(line) + "\n");
}

void Console::on_progress(std::optional<double> fraction, std::string_view note) {
    std::string text = "progress";
    if (fraction) text += " " + std::to_string(std::lround(*fraction * 100)) + " %";
    if (!note.empty()) text += (fraction ? ", " : " ") + std::string(note);
    if (text == last_progress_) return;  // the last word comes twice, the second time with the end
    last_progress_ = text;
    write_to(STDERR_FILENO, text + "\n");
}

void Console::show(const RunRequest& request, const RunReport& report) {
    if (json_out_) return show_as_json(request, report);
    const Verdict& verdict = report.verdict;
    std::string text(wire_name(verdict.state));
    text += length_text(report);
    if (!verdict.reason.empty() && verdict.reason != wire_name(verdict.state)) text += ", " + verdict.reason;
    if (!verdict.error.empty()) text += ": " + verdict.error;
    text += "\n";
    if (verdict.delay > 0) text += "again in " + std::to_string(verdict.delay / kSecond) + " s\n";
    if (verdict.result != "null") text += "result " + verdict.result + "\n";
    write_to(STDOUT_FILENO, text);
}

void Console::show_as_json(const RunRequest& request, const RunReport& report) {
    const Verdict& verdict = report.verdict;
    json::Writer out;
    out.begin_object().field("func", request.module->name + ":" + request.function->name);
    out.field("module_version", request.module->version).field("state", wire_name(verdict.state));
    out.field("reason", verdict.reason).field("error", verdict.error).raw_field("result", verdict.result);
    out.field("started", report.started == 0 ? std::nullopt : std::optional(iso_time(report.started)));
    out.field("seconds", static_cast<double>(report.ended - report.started) / kSecond);
    out.field("delay", static_cast<double>(verdict.delay) / kSecond).end_object();
    write_to(json_out_.get(), out.take() + "\n");
}

}  // namespace foliot::cli
