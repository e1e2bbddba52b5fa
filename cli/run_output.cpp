#include "cli/run_output.hpp"

#include "base/base64.hpp"
#include "base/fd.hpp"
#include "cli/shown.hpp"

namespace foliot::cli {
namespace {

constexpr const char* kLive = " scheduled running stopping ";

std::string log_line(const json::Value& piece, const Times& times) {
    std::string line =
        times.shown(text_at(piece, "time")) + " " + text_at(piece, "level") + " " + text_at(piece, "text");
    if (const std::string fields = text_at(piece, "fields"); !fields.empty()) line += " " + fields;
    return line + "\n";
}

std::string left_out(const json::Value& piece, const std::string& stream) {
    return "[... " + text_at(piece, "left_out") + (stream == "log" ? " lines" : " bytes") + " left out ...]\n";
}

std::string bytes_of(const json::Value& piece) {
    const json::Value* base64 = piece.find("base64");
    return base64 == nullptr ? text_at(piece, "text") : from_base64(base64->string).value_or("");
}

}  // namespace

void OutputPrinter::print(const json::Value& piece) {
    const std::string stream = text_at(piece, "stream");
    const bool whole_line = stream == "log" || piece.find("left_out") != nullptr;
    if (whole_line || stream != stream_) end();
    stream_ = stream;
    const std::string text = piece.find("left_out") != nullptr ? left_out(piece, stream)
                             : stream == "log"                 ? log_line(piece, times_)
                                                               : bytes_of(piece);
    write(raw_ ? text : shown(text, Breaks::keep));
}

void OutputPrinter::end() {
    if (line_open_ && !raw_) write("\n");
}

void OutputPrinter::print_line(std::string_view json) { write(std::string(json) + "\n"); }

void OutputPrinter::write(std::string_view text) {
    if (text.empty()) return;
    line_open_ = text.back() != '\n';
    if (!write_all(fd_, text)) throw CommandError("nobody reads what there is to say any more", kUnread);
}

void Lines::add(std::string_view bytes) {
    open_ += bytes;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = open_.find('\n', begin)) != std::string::npos; begin = end + 1)
        take_(std::string_view(open_).substr(begin, end - begin));
    open_.erase(0, begin);
}

int watch(const std::string& id, const std::function<int()>& work) {
    try {
        return work();
    } catch (const Unreachable& error) {
        throw Unreachable(std::string(error.what()) + "; the run may go on: foliot executions show " + id);
    } catch (const CommandError& error) {
        if (error.code() != kStopped) throw;
        throw CommandError("the run goes on; to end it: foliot executions stop " + id, kStopped);
    }
}

void follow_output(const Server& server, const std::string& id, const std::string& stream, OutputPrinter& printer,
                   bool as_json) {
    Lines lines([&](std::string_view line) {
        if (line.empty()) return;
        if (as_json)
            printer.print_line(line);
        else
            printer.print(Document(std::string(line)).value());
    });
    const std::string path = path_of("/api/v1/executions/{}/log", id) +
                             query_text({{"follow", "1"}, {"format", "json"}, {"stream", stream}});
    const bool whole = server.stream(path, [&](std::string_view bytes) { lines.add(bytes); });
    printer.end();
    if (!whole)
        throw CommandError("the server broke off; the run may go on: foliot executions log " + id + " --follow");
}

bool has_ended(const json::Value& execution) {
    return std::string(kLive).find(" " + text_at(execution, "state") + " ") == std::string::npos;
}

std::string ending_words(const json::Value& execution) {
    const std::string state = text_at(execution, "state"), reason = text_at(execution, "reason"),
                      error = text_at(execution, "error");
    std::string text = state;
    if (const json::Value* seconds = execution.find("run_time"); seconds != nullptr && !seconds->is(json::Kind::null))
        text += " after " + length_text(static_cast<Micros>(seconds->real * static_cast<double>(kSecond)));
    if (!reason.empty() && reason != state) text += ", " + reason;
    if (!error.empty()) text += ": " + error;
    return text;
}

}  // namespace foliot::cli
