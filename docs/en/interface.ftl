# The words of the guide and of the harness. docs/es/interface.ftl holds the same ids.

group-separator = ,
one-byte = { $number } byte
bytes = { $number } bytes

## The picture of a conversation: at most 42 columns a line

your-program = your program
the-grader = the grader
picture-connects = connects
picture-datagram = datagram: { $data }
picture-lost = lost: { $data }
picture-forged = forged: { $data }
picture-stranger = stranger: { $data }
over-ipv4 = an IPv4 client comes
picture-repeated = once more: { $data }
picture-late = late: { $data }
picture-file-made = creates the socket file, mode { $data }
picture-file-gone = removes the socket file
picture-attempt = tries to connect
picture-attempt-closed = attempt closed
path-taken-over = another server takes the path over
path-replaced = somebody puts a file there
picture-race = The attempts, one below the other, from left to right in time:
picture-race-won = connected
picture-race-lost = closed
picture-race-open = still waiting
answers-at-last = answers at last
junk-arrives = junk, every { $number } ms, until it asks again
picture-end = end of stream
picture-reset = reset
picture-input = standard input: { $data }
picture-input-end = end of standard input
picture-prints = prints { $data }
picture-silence = nothing more happens
picture-more = { $number } more
exits = exits with code { $code }
stops-at-todo = stops at the todo! of step { $step }
killed = is killed by signal { $signal }
does-not-answer = does not answer
does-not-read = does not read
stays-silent = stays silent
cuts-a-write-short = cuts a blocked write short
nobody-comes = nobody comes for a while
another-comes = another client comes meanwhile
many-connect = { $number } clients connect
many-are-served = { $number } clients come and are served
many-leave = { $number } clients leave
many-bad-clients = { $number } bad clients, one by one
is-interrupted = SIGINT, as by Ctrl+C
is-terminated = SIGTERM
is-killed = SIGKILL: the grader kills it

## The page of a failure

read-on = read on: { $page }
expected-sent = expected
expected-printed = expected on stdout
received = received
same-up-to-there = the same up to there
differs-at-once = they differ from the first byte on
differs-at-second = the first byte is the same
differs-at = the first { $place } bytes are the same
from-there = { $size }; from byte { $place } on: { $there } …
it-said = It said: { $message }
it-said-at = At: { $message }
same-again = The same again, in another test.
it-ended = It { $how }.
it-runs = It is still running.

fact-left-before-connecting = Your program ended before it connected.
fact-never-connected = Your program never connected.
fact-connected = Your program connected, although it was given wrong arguments.
fact-silent = Your program is connected and sends nothing more, although bytes are missing.
fact-still-open = Your program has sent everything and does not end its stream: both sides wait.
fact-ended-early = Your program's stream ended before all the bytes had come.
fact-sent-other = Your program sent other bytes than it was given.
fact-lost-bytes = Your program left out bytes in the middle of what it was given.
fact-sent-more = Your program sent more than it was given.
fact-not-receiving = Your program does not receive what is sent to it: both sides wait.
fact-never-ended = Your program did not end its stream: the connection broke off when the program stopped.
fact-closed-both = Your program can no longer hear an answer: what was sent to it came back as a reset.
fact-unread = Your program does not read what was sent to it.
fact-unprinted = A piece of the reply has reached your program, which does not print it.
fact-still-running = Your program should have ended by now.
fact-still-waiting = Your program still waits, and has printed nothing of the message.
fact-exited-zero = Something failed, and your program ended as if nothing had.
fact-explained-and-exited-zero = Your program explained what failed, and ended as if nothing had.
fact-failed = Nothing failed, and your program ended with a failure.
fact-printed-nothing = Your program printed nothing of what it received.
fact-failed-before-printing = Your program failed before it printed anything.
fact-printed-less = Your program printed only a part of what it received.
fact-printed-other = Your program printed something other than what it received.
fact-printed-more = Your program printed more than it received.
fact-printed-for-ever = Your program printed more than any program of this course has to, so it was stopped.
fact-left-a-child = Your program ended and left a process behind that keeps its output open.
fact-on-stdout = Your program printed on standard output what belongs on standard error.
fact-unexplained = Your program failed without a word on standard error.
fact-panicked = Your program panicked, or a part of it did.
fact-killed = Your program was killed by signal { $message }.
fact-said-nothing = Your program did not say where it is: its line has not appeared on standard output.
fact-said-other = Your program said something other than where it is: { $message }.
fact-said-port-zero = Your program said port 0, which nobody can reach: { $message }.
fact-said-other-place = Your program said another address than the one it was given: { $message }.
fact-said-more = Your program printed more on standard output than its first line: { $message }.
fact-left-before-listening = Your program ended before it said where it is.
fact-listening = Your program says that it listens, although it should have failed.
fact-listens-elsewhere = Your program listens in a place that it did not say: { $message }.
fact-unreachable = Nobody can reach your program where it says that it is.
fact-not-accepted = Your program does not take the connection.
fact-gone = Your program ended by itself, although it should serve until it is killed.
fact-held-for-a-line = Your program sent nothing back until it was sent a line feed.
fact-held-for-the-end = Your program sent nothing back until the stream had ended.
fact-sent-stale = Your program sent bytes that stood in its buffer from before.
fact-cut-off = Your program broke the connection off with a reset.
fact-still-connected = Your program keeps a connection that it should have closed.
fact-closed-early = Your program closed a connection that it should have kept.
fact-sent-before-closing = Your program sent something to a client before it closed the connection.
fact-served = Your program serves a client for which it has no place.
fact-turned-away = Your program turns a client away although it has a place.
fact-leaked = Your program keeps threads or descriptors of clients that have left.
fact-removed = Your program removed or changed a file that was there before.
fact-no-echo = Your program has not sent the datagram back.
fact-sent-from-elsewhere = Your program sent from another address than the one it said: { $message }.
fact-not-asked = Your program has sent no datagram.
fact-not-asked-again = Your program had no answer, and has not asked again.
fact-gave-up-early = Your program gave up before SECONDS were over.
fact-asked-otherwise = Your program asked again with other bytes than before.
fact-asked-too-often = Your program sent a datagram that it should not have sent.
fact-asked-meanwhile = Your program sent the next message before the first was answered.
fact-guessable = The ids of your program can be guessed: { $message }.
fact-told-other = Your program told a client something else than who it is.
fact-open-to-others = The mode of your program's socket lets others connect: { $message }.
fact-closed-to-its-owner = The mode of your program's socket keeps its owner out: { $message }.
fact-created = Your program created a file that should not be there: { $message }.
fact-told-mapped = Your program told an IPv4 client an IPv6 address.
fact-said-without-brackets = Your program said an IPv6 address without brackets: { $message }.
fact-one-attempt = Your program tries one address, and goes on to no other.
fact-attempts-in-turn = Your program gave up one attempt before it began the next.
fact-attempts-at-once = Your program began two attempts at the same time.
fact-connected-to-another = Your program is connected to another address than the first that answers.
fact-winner-not-said = Your program has not said on standard error with which address it is connected: { $message }.
fact-vanished = Your program removed its socket file, although it still serves.
fact-left-behind = Your program ended and left its socket file behind.

## One line instead of a page

not-begun = · { $heading }: not begun. It waits for you at { $place }; the page is { $page }
waits-for = · { $heading }: waits for step { $waiting }.
choose-language = In English: ENCHUFE_LANG=en
not-run = not run here: { $lesson }, step { $step }: { $why }
cannot-run = ✘ { $name } can't be run: { $error }. ENCHUFE_PROGRAM holds the command line of the program to grade; relative paths begin at the workspace.
no-command = ✘ ENCHUFE_PROGRAM holds no command line: { $line }
patience = ✘ ENCHUFE_PATIENCE={ $text } is no factor: it takes a number from 0.01 to 1000.

why-linux = it needs Linux
why-ipv6 = this machine has no IPv6 loopback address
why-name = this machine does not resolve localhost
why-descriptors = the limit of descriptors is too low for 1000 clients
why-datagram = this system sends no datagram of this size
why-root = it needs root, to connect as another group
why-network = it needs a network namespace of its own, which this system does not allow
why-unix = it needs Unix

## The guide

welcome = enchufe · network sockets in Rust
state-not-begun = not begun · { $steps } steps
state-begun = { $begun } of { $steps } steps begun
state-written = written: the grader knows the rest
next-step = Next:   { $step } · { $place }
next-read = Read:   { $page }
next-grade = Grade:  { $command }
all-written = Every lesson is written. Grade them all: cargo test --workspace
other-language = En español: ENCHUFE_LANG=es cargo run
