# Las palabras de la guía y del calificador. docs/en/interface.ftl tiene los mismos identificadores.

group-separator = { "\u00a0" }
one-byte = { $number } byte
bytes = { $number } bytes

## El dibujo de una conversación: 42 columnas por línea como máximo

your-program = tu programa
the-grader = el calificador
picture-connects = se conecta
picture-datagram = datagrama: { $data }
picture-lost = perdido: { $data }
picture-forged = falso: { $data }
picture-stranger = extraño: { $data }
over-ipv4 = llega un cliente IPv4
picture-repeated = otra vez: { $data }
picture-late = tarde: { $data }
picture-file-made = crea el archivo de socket, modo { $data }
picture-file-gone = elimina el archivo de socket
picture-attempt = intenta conectarse
picture-attempt-closed = intento cerrado
path-taken-over = otro servidor ocupa la ruta
path-replaced = alguien pone ahí un archivo
picture-race = Los intentos, uno debajo de otro, de izquierda a derecha en el tiempo:
picture-race-won = conectado
picture-race-lost = cerrado
picture-race-open = sigue esperando
answers-at-last = responde por fin
junk-arrives = basura, cada { $number } ms, hasta que repite
picture-end = fin del flujo
picture-reset = reinicio (RST)
picture-input = entrada estándar: { $data }
picture-input-end = fin de la entrada estándar
picture-prints = muestra { $data }
picture-silence = no pasa nada más
picture-more = { $number } más
exits = termina con el código { $code }
stops-at-todo = se detiene en el todo! del paso { $step }
killed = termina por la señal { $signal }
does-not-answer = no contesta
does-not-read = no lee
stays-silent = guarda silencio
cuts-a-write-short = interrumpe una escritura bloqueada
nobody-comes = por un momento no llega nadie
another-comes = mientras tanto llega otro cliente
many-connect = se conectan { $number } clientes
many-are-served = llegan { $number } clientes y se les atiende
many-leave = se van { $number } clientes
many-bad-clients = { $number } malos clientes, uno tras otro
is-interrupted = SIGINT, como con Ctrl+C
is-terminated = SIGTERM
is-killed = SIGKILL: el calificador lo mata

## La página de un fallo

read-on = sigue leyendo: { $page }
expected-sent = se esperaba
expected-printed = se esperaba en la salida
received = se recibió
same-up-to-there = igual hasta ahí
differs-at-once = son distintos desde el primer byte
differs-at-second = el primer byte es igual
differs-at = los primeros { $place } bytes son iguales
from-there = { $size }; desde el byte { $place }: { $there } …
it-said = Dijo: { $message }
it-said-at = En: { $message }
same-again = Otra vez lo mismo, en otra prueba.
it-ended = Al final, { $how }.
it-runs = Sigue en ejecución.

fact-left-before-connecting = Tu programa terminó antes de conectarse.
fact-never-connected = Tu programa nunca se conectó.
fact-connected = Tu programa se conectó, aunque recibió argumentos incorrectos.
fact-silent = Tu programa está conectado y no envía nada más, aunque faltan bytes.
fact-still-open = Tu programa ya envió todo y no termina su flujo: los dos extremos esperan.
fact-ended-early = El flujo de tu programa terminó antes de que llegaran todos los bytes.
fact-sent-other = Tu programa envió bytes distintos de los que se le dieron.
fact-lost-bytes = Tu programa omitió bytes en medio de lo que se le dio.
fact-sent-more = Tu programa envió más de lo que se le dio.
fact-not-receiving = Tu programa no recibe lo que se le envía: los dos extremos esperan.
fact-never-ended = Tu programa no terminó su flujo: la conexión se cortó cuando el programa se detuvo.
fact-closed-both = Tu programa ya no puede recibir una respuesta: lo que se le envió volvió como reinicio (RST).
fact-unread = Tu programa no lee lo que se le envió.
fact-unprinted = A tu programa le llegó un trozo de la respuesta, y no lo muestra.
fact-still-running = Tu programa ya debería haber terminado.
fact-still-waiting = Tu programa sigue esperando y no mostró nada del mensaje.
fact-exited-zero = Algo falló, y tu programa terminó como si todo estuviera bien.
fact-explained-and-exited-zero = Tu programa explicó qué falló y terminó como si todo estuviera bien.
fact-failed = Nada falló, y tu programa terminó con un fallo.
fact-printed-nothing = Tu programa no mostró nada de lo que recibió.
fact-failed-before-printing = Tu programa falló antes de mostrar algo.
fact-printed-less = Tu programa mostró solo una parte de lo que recibió.
fact-printed-other = Tu programa mostró algo distinto de lo que recibió.
fact-printed-more = Tu programa mostró más de lo que recibió.
fact-printed-for-ever = Tu programa mostró más de lo que necesita cualquier programa de este curso, y por eso el calificador lo detuvo.
fact-left-a-child = Tu programa terminó y dejó un proceso que mantiene abierta su salida.
fact-on-stdout = Tu programa mostró en la salida estándar lo que va en la salida de error.
fact-unexplained = Tu programa falló sin decir una palabra en la salida de error.
fact-panicked = Tu programa, o una parte de él, entró en pánico por un error que nadie atendió.
fact-killed = Tu programa terminó por la señal { $message }.
fact-said-nothing = Tu programa no dijo dónde está: su línea no apareció en la salida estándar.
fact-said-other = Tu programa no dijo dónde está, sino otra cosa: { $message }.
fact-said-port-zero = Tu programa dijo el puerto 0, al que nadie puede llegar: { $message }.
fact-said-other-place = Tu programa dijo una dirección distinta de la que recibió: { $message }.
fact-said-more = Tu programa escribió en la salida estándar algo más que su primera línea: { $message }.
fact-left-before-listening = Tu programa terminó antes de decir dónde está.
fact-listening = Tu programa dice que escucha, aunque debería haber fallado.
fact-listens-elsewhere = Tu programa escucha en un lugar que no dijo: { $message }.
fact-unreachable = Nadie puede llegar a tu programa donde dice que está.
fact-not-accepted = Tu programa no acepta la conexión.
fact-gone = Tu programa terminó por sí solo, aunque debía atender hasta que lo detuvieran.
fact-held-for-a-line = Tu programa no devolvió nada hasta que recibió un salto de línea.
fact-held-for-the-end = Tu programa no devolvió nada hasta que terminó el flujo.
fact-sent-stale = Tu programa envió bytes que habían quedado en su búfer.
fact-cut-off = Tu programa cortó la conexión con un reinicio.
fact-still-connected = Tu programa mantiene una conexión que debería haber cerrado.
fact-closed-early = Tu programa cerró una conexión que debía mantener.
fact-sent-before-closing = Tu programa envió algo a un cliente antes de cerrar la conexión.
fact-served = Tu programa atiende a un cliente para el que no tiene lugar.
fact-turned-away = Tu programa rechaza a un cliente aunque tiene lugar.
fact-leaked = Tu programa conserva hilos o descriptores de clientes que ya se fueron.
fact-removed = Tu programa eliminó o cambió un archivo que ya existía.
fact-no-echo = Tu programa no devolvió el datagrama.
fact-sent-from-elsewhere = Tu programa envió desde una dirección que no es la que dijo: { $message }.
fact-not-asked = Tu programa no envió ningún datagrama.
fact-not-asked-again = Tu programa no tuvo respuesta, y no volvió a preguntar.
fact-gave-up-early = Tu programa se rindió antes de que pasaran los SECONDS.
fact-asked-otherwise = Tu programa volvió a preguntar con bytes distintos de los anteriores.
fact-asked-too-often = Tu programa envió un datagrama que no debía enviar.
fact-asked-meanwhile = Tu programa envió el mensaje siguiente antes de que respondieran al primero.
fact-guessable = Los ids de tu programa se pueden adivinar: { $message }.
fact-told-other = Tu programa no le dijo a un cliente quién es.
fact-open-to-others = El modo del socket de tu programa deja conectarse a otros: { $message }.
fact-closed-to-its-owner = El modo del socket de tu programa deja fuera a su dueño: { $message }.
fact-created = Tu programa creó un archivo que no debería estar ahí: { $message }.
fact-told-mapped = Tu programa le dijo a un cliente IPv4 una dirección IPv6.
fact-said-without-brackets = Tu programa dijo una dirección IPv6 sin corchetes: { $message }.
fact-one-attempt = Tu programa prueba una dirección, y no sigue con ninguna otra.
fact-attempts-in-turn = Tu programa abandonó un intento antes de empezar el siguiente.
fact-attempts-at-once = Tu programa empezó dos intentos al mismo tiempo.
fact-connected-to-another = Tu programa está conectado a una dirección que no es la primera que responde.
fact-winner-not-said = Tu programa no dijo en la salida de error con qué dirección está conectado: { $message }.
fact-vanished = Tu programa eliminó su archivo de socket, aunque todavía atiende.
fact-left-behind = Tu programa terminó y dejó su archivo de socket.

## Una línea en vez de una página

not-begun = · { $heading }: sin empezar. Te espera en { $place }; la página es { $page }
waits-for = · { $heading }: espera al paso { $waiting }.
choose-language = En español: ENCHUFE_LANG=es
not-run = no se ejecutó aquí: { $lesson }, paso { $step }: { $why }
cannot-run = ✘ No se puede ejecutar { $name }: { $error }. ENCHUFE_PROGRAM contiene la línea de comandos del programa que se califica; las rutas relativas parten de la carpeta del workspace.
no-command = ✘ ENCHUFE_PROGRAM no contiene una línea de comandos: { $line }
patience = ✘ ENCHUFE_PATIENCE={ $text } no es un factor válido: admite un número de 0.01 a 1000.

why-linux = necesita Linux
why-ipv6 = esta computadora no tiene la dirección de loopback de IPv6
why-name = esta computadora no resuelve localhost
why-descriptors = el límite de descriptores es demasiado bajo para 1000 clientes
why-datagram = este sistema no envía datagramas de este tamaño
why-root = hace falta root, para conectarse como otro grupo
why-network = necesita un espacio de nombres de red propio, que este sistema no permite
why-unix = necesita Unix

## La guía

welcome = enchufe · sockets de red en Rust
state-not-begun = sin empezar · { $steps } pasos
state-begun = { $begun } de { $steps } pasos empezados
state-written = escrita: el calificador dirá si está bien
next-step = Sigue:    { $step } · { $place }
next-read = Lee:      { $page }
next-grade = Califica: { $command }
all-written = Todas las lecciones están escritas. Califícalas todas: cargo test --workspace
other-language = In English: ENCHUFE_LANG=en cargo run
