// `foliot token create`, `list` and `revoke`.
#include "base/time_text.hpp"
#include "cli/server.hpp"
#include "cli/server_commands.hpp"
#include "cli/shown.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

int create(const Options& options) {
    const Server server(options);
    const Times times(options);
    const SystemClock clock;
    json::Writer body;
    body.begin_object().field("name", options.word(0)).field("scope", options.text("scope", "run"));
    if (options.has("expires")) {
        const std::string text = options.text("expires");
        const auto length = length_in(text);
        body.field("expires", iso_time(length ? clock.now() + *length : times.moment("expires", text, clock.now()).at));
    }
    if (options.has("user")) body.field("user", static_cast<std::int64_t>(options.number("user", 0)));
    const Document made = server.send("POST", "/api/v1/tokens", body.end_object().take());
    if (options.has("json")) {
        std::cout << made.text() << '\n';
        return kOk;
    }
    std::cout << text_at(made.value(), "token") << '\n';
    const std::string expires = text_at(made.value(), "expires");
    std::cerr << "foliot: token " << text_at(made.value(), "id") << " of "
              << shown(text_at(made.value(), {"user", "name"})) << ", scope " << text_at(made.value(), "scope") << ", "
              << (expires.empty() ? "does not end" : "until " + times.shown(expires)) << "; it is not shown again\n";
    return kOk;
}

int list(const Options& options) {
    const Server server(options);
    const Server::List tokens =
        server.list("/api/v1/tokens" + query_text({{"user", options.text("user")}}), "tokens", 0);
    if (options.has("json")) {
        std::cout << list_json(tokens, "tokens");
        return kOk;
    }
    const Times times(options);
    const auto time = [&](const json::Value& token, const char* name) {
        const std::string iso = text_at(token, name);
        return iso.empty() ? "-" : times.shown(iso);
    };
    Table table({"ID", cut("NAME"), cut("USER"), "SCOPE", "CREATED", "EXPIRES", "LAST USED"});
    for (const json::Value* token : tokens.items)
        table.add({text_at(*token, "id"), text_at(*token, "name"), text_at(*token, {"user", "name"}),
                   text_at(*token, "scope"), time(*token, "created"), time(*token, "expires"),
                   time(*token, "last_used")});
    print(table);
    return kOk;
}

int revoke(const Options& options) {
    const Server server(options);
    const Document answer = server.send("DELETE", path_of("/api/v1/tokens/{}", options.word(0)));
    if (options.has("json"))
        std::cout << answer.text() << '\n';
    else
        std::cout << "token " << shown(options.word(0)) << " is revoked, and all that was made with it\n";
    return kOk;
}

}  // namespace

Command token_create() {
    return {
        .name = "token create",
        .words = {"NAME"},
        .summary = "make a token; it is shown this once",
        .options = with_server_options({{"scope", "SCOPE", "read, run (by default), write or admin"},
                                        {"expires", "TIME", "when it ends, or after how long: 90d; by default never"},
                                        {"user", "ID", "whose it is; by default your own"}}),
        .details =
            std::string(
                "Scopes, each with those before it: read looks; run also runs, stops and pauses; write also changes\n"
                "jobs and one's own account; admin everything. A token may no more than its user.\n"
                "\n"
                "The token goes to standard output alone, so that it can go into a file:\n"
                "    (umask 077; foliot token create ci >ci.token)\n\n") +
            kEnding,
        .run = &create};
}

Command token_list() {
    return {.name = "token list",
            .words = {},
            .summary = "tokens, without their secrets",
            .options = with_server_options({{"user", "ID", "of another user, or of 'all'; by default your own"}}),
            .details = kEnding,
            .run = &list};
}

Command token_revoke() {
    return {.name = "token revoke",
            .words = {"ID"},
            .summary = "end a token at once, and what was made with it",
            .options = with_server_options({}),
            .details = kEnding,
            .run = &revoke};
}

}  // namespace foliot::cli
