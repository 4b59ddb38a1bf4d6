/* After a reset, receive fails with 10054, WSAECONNRESET: 0 would be the end of the stream. */
#include <stdio.h>
#include <winsock2.h>
int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    int ends = 0, resets = 0;
    for (int round = 0; round < 50; round++) {
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr("127.0.0.1")};
        struct linger none = {1, 0};
        int size = sizeof a;
        char bytes[4];
        SOCKET l = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0);
        bind(l, (struct sockaddr *)&a, size);
        listen(l, 1);
        getsockname(l, (struct sockaddr *)&a, &size);
        connect(s, (struct sockaddr *)&a, size);
        SOCKET other = accept(l, NULL, NULL);
        send(other, "part", 4, 0);
        recv(s, bytes, 4, 0);
        setsockopt(other, SOL_SOCKET, SO_LINGER, (char *)&none, sizeof none);
        closesocket(other); /* a reset */
        Sleep(20);
        int got = recv(s, bytes, 4, 0);
        if (got == 0) ends++; else if (WSAGetLastError() == 10054) resets++;
        closesocket(s); closesocket(l);
    }
    printf("of 50 resets, %d were errors and %d ends of the stream\n", resets, ends);
    return ends != 0;
}
