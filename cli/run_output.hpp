// What a run wrote, as a terminal or a file gets it.
#pragma once

#include "cli/server.hpp"
#include "cli/times.hpp"

#include <string>
#include <string_view>

namespace foliot::cli {

/// Pieces of an output (GET /executions/{id}/log as JSON) to a descriptor, in their order, at once. As it was written
/// when `raw`; else control characters are escaped, and log lines always begin with time and level.
class OutputPrinter {
  public:
    OutputPrinter(int fd, Times times, bool raw) : fd_(fd), times_(times), raw_(raw) {}
    void print(const json::Value& piece);
    void end();  ///< ends a line that is open
    /// For its line of JSON as it came.
    void print_line(std::string_view json);

  private:
    void write(std::string_view text);
    int fd_;
    Times times_;
    bool raw_;
    bool line_open_ = false;
    std::string stream_;  ///< of the last piece
};

/// Cuts what comes into lines; the last one may lack its end.
class Lines {
  public:
    explicit Lines(std::function<void(std::string_view line)> take) : take_(std::move(take)) {}
    void add(std::string_view bytes);

  private:
    std::function<void(std::string_view)> take_;
    std::string open_;
};

/// Does `work`, which watches that run. Ctrl-C and a server that goes end the watching, not the run: the CommandError
/// says so.
int watch(const std::string& id, const std::function<int()>& work);

/// Ends with it; shows what it writes meanwhile. `stream`: only that one; "": all. As JSON: a line a piece, as it came.
/// Throws CommandError when the server breaks off.
void follow_output(const Server& server, const std::string& id, const std::string& stream, OutputPrinter& printer,
                   bool as_json);

/// "succeeded", or "failed, exception: no space left"; with how long it took.
std::string ending_words(const json::Value& execution);
bool has_ended(const json::Value& execution);

}  // namespace foliot::cli
