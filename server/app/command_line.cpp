#include "app/command_line.hpp"

#include <getopt.h>

#include <array>
#include <stdexcept>

namespace foliot::app {

CommandLine parse_command_line(int argc, char** argv) {
    static const std::array<option, 6> options{{{"config", required_argument, nullptr, 'c'},
                                                {"check-config", no_argument, nullptr, 'k'},
                                                {"set-password", required_argument, nullptr, 'p'},
                                                {"version", no_argument, nullptr, 'v'},
                                                {"help", no_argument, nullptr, 'h'},
                                                {nullptr, 0, nullptr, 0}}};
    CommandLine line;
    opterr = 0;
    optind = 1;
    for (int found = 0; (found = ::getopt_long(argc, argv, ":c:D:h", options.data(), nullptr)) != -1;) {
        switch (found) {
            case 'c': line.config_file = optarg; break;
            case 'k': line.mode = CommandLine::Mode::check_config; break;
            case 'p':
                line.mode = CommandLine::Mode::set_password;
                line.user = optarg;
                break;
            case 'v': line.mode = CommandLine::Mode::version; break;
            case 'h': line.mode = CommandLine::Mode::help; break;
            case 'D': {
                const std::string pair = optarg;
                const auto equals = pair.find('=');
                if (equals == std::string::npos || equals == 0)
                    throw std::runtime_error("-D" + pair + ": wanted -Dkey=value");
                line.overrides[pair.substr(0, equals)] = pair.substr(equals + 1);
                break;
            }
            default: throw std::runtime_error(std::string("unknown or incomplete option '") + argv[optind - 1] + "'");
        }
    }
    if (optind < argc) throw std::runtime_error(std::string("unknown argument '") + argv[optind] + "'");
    return line;
}

std::string help_text() {
    return "usage: foliotd [--config FILE] [-Dkey=value ...] [--check-config | --set-password USER]\n"
           "\n"
           "Runs the Foliot job scheduler in the foreground until SIGTERM or SIGINT; SIGHUP reads the\n"
           "configuration anew and looks for modules.\n"
           "\n"
           "  --config FILE        configuration, a properties file (default: /etc/foliot/foliotd.properties)\n"
           "  -Dkey=value          one configuration key; wins over the file\n"
           "  --check-config       say whether the configuration is right, and end\n"
           "  --set-password USER  give USER the password on standard input, and end; while no server runs\n"
           "  --version            print the version, and end\n"
           "  --help               print this, and end\n";
}

}  // namespace foliot::app
