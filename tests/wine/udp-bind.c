/* Windows has no socket bound to an address that is not its own: bind fails with 10049, WSAEADDRNOTAVAIL. */
#include <stdio.h>
#include <winsock2.h>
int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr("192.0.2.1")};
    int bound = bind(s, (struct sockaddr *)&a, sizeof a);
    printf("bind: %d, error %d\n", bound, bound ? WSAGetLastError() : 0);
    return bound == 0;
}
