// Stands in for systemd's socket unit: listens on a free port of 127.0.0.1, says `holds
// listen=127.0.0.1:PORT` on stderr, and becomes the given program with the socket as descriptor 3.
// Nobody here accepts. usage: hold_socket PROGRAM [ARGUMENT...]
#include <arpa/inet.h>
#include <cstdio>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 2) {
        return 2;
    }
    const int made = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* named = reinterpret_cast<sockaddr*>(&address);
    if (::bind(made, named, size) != 0 || ::listen(made, 4096) != 0 ||
        ::getsockname(made, named, &size) != 0 || ::dup2(made, 3) != 3) {
        std::perror("hold_socket");
        return 1;
    }
    if (made != 3) {
        ::close(made);
    }
    std::fprintf(stderr, "holds listen=127.0.0.1:%u\n", unsigned{ntohs(address.sin_port)});
    ::execvp(argv[1], argv + 1);
    std::perror(argv[1]);
    return 1;
}
