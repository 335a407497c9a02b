#include <signal.h>
#include <stdint.h>

static volatile int32_t hit;

int32_t *ukemi_hit(void) { return (int32_t *)&hit; }

#ifdef _WIN32
void ukemi_watch(void) { hit = 0; }
void ukemi_unwatch(void) {}
#else
static struct sigaction before;

static void note(int signal, siginfo_t *info, void *context) {
	hit = 1;
	if (before.sa_flags & SA_SIGINFO)
		before.sa_sigaction(signal, info, context);
	else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
		before.sa_handler(signal);
}

/* One thread at a time may watch: Python's main thread, the only one to which it gives signals. */
void ukemi_watch(void) {
	struct sigaction a = {0};
	a.sa_sigaction = note;
	a.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
	sigemptyset(&a.sa_mask);
	hit = 0;
	sigaction(SIGINT, &a, &before);
}

void ukemi_unwatch(void) { sigaction(SIGINT, &before, 0); }
#endif
