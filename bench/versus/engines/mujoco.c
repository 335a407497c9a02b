// MuJoCo's side of the comparison. The interface of all engines is in ../README.md.
//
//   mujoco WHAT FILE SECONDS VARIANT
//
// VARIANT: default, or tight (elliptic cones, tolerance 1e-10, line search 1e-4).
#include <math.h>
#include <mujoco/mujoco.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static mjModel* m;
static int warm_n, run_n;
static double *q0, *v0, *u;    // start, inputs
static double *q1, *v1, *w1;   // state and warm start after the warm-up

static void die(const char* what, const char* detail) {
  fprintf(stderr, "%s: %s\n", what, detail);
  exit(1);
}

static double clock_us(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return t.tv_sec * 1e6 + t.tv_nsec * 1e-3;
}

static double cpu(void) { return clock_us(CLOCK_THREAD_CPUTIME_ID); }

static double* doubles(FILE* f, size_t n, const char* name) {
  double* v = calloc(n + 1, sizeof *v);
  for (size_t i = 0; i < n; i++)
    if (fscanf(f, "%lf", v + i) != 1) die(name, "too few numbers");
  return v;
}

static void load(const char* file, const char* variant) {
  char name[1000], err[1000] = "";
  snprintf(name, sizeof name, "%s.xml", file);
  m = mj_loadXML(name, 0, err, sizeof err);
  if (!m) die(name, err);
  if (!strcmp(variant, "tight")) {
    m->opt.cone = mjCONE_ELLIPTIC;
    m->opt.tolerance = 1e-10;
    m->opt.iterations = 500;
    m->opt.ls_tolerance = 1e-4;
  } else if (strcmp(variant, "default")) {
    die("unknown variant", variant);
  }
  snprintf(name, sizeof name, "%s.txt", file);
  FILE* f = fopen(name, "r");
  double h;
  int nq, nv, nu;
  if (!f || fscanf(f, "%lf %d %d %d %d %d", &h, &nq, &nv, &nu, &warm_n, &run_n) != 6) die(name, "no head line");
  if (nq != m->nq || nv != m->nv || nu != m->nu || h != m->opt.timestep) die(name, "its sizes are not those of the model");
  q0 = doubles(f, nq, name);
  v0 = doubles(f, nv, name);
  u = doubles(f, (size_t)nu * (warm_n + run_n), name);
  fclose(f);
  q1 = calloc(nq, sizeof(double));
  v1 = calloc(nv, sizeof(double));
  w1 = calloc(nv, sizeof(double));
}

static void begin(mjData* d, const double* q, const double* v, const double* w) {
  mj_resetData(m, d);
  memcpy(d->qpos, q, m->nq * sizeof(double));
  memcpy(d->qvel, v, m->nv * sizeof(double));
  if (w) memcpy(d->qacc_warmstart, w, m->nv * sizeof(double));
}

static void run(mjData* d, int from, int n) {
  for (int k = 0; k < n; k++) {
    if (m->nu) memcpy(d->ctrl, u + (size_t)(from + k) * m->nu, m->nu * sizeof(double));
    mj_step(m, d);
  }
}

static void warm_up(mjData* d) {
  begin(d, q0, v0, 0);
  run(d, 0, warm_n);
  memcpy(q1, d->qpos, m->nq * sizeof(double));
  memcpy(v1, d->qvel, m->nv * sizeof(double));
  memcpy(w1, d->qacc_warmstart, m->nv * sizeof(double));
}

static void head(const char* what) {
  printf("{\"what\":\"%s\",\"version\":\"%s\",\"dof\":%d,\"us\":[", what, mj_versionString(), (int)m->nv);
}

static int iterations(const mjData* d) {
  int n = 0, islands = d->nisland > 0 ? d->nisland : 1;
  for (int i = 0; i < islands && i < mjNISLAND; i++) n += d->solver_niter[i];
  return n;
}

static void step(mjData* d, double seconds) {
  warm_up(d);
  double iters = 0, touching = 0;
  begin(d, q1, v1, w1);
  for (int k = 0; k < run_n; k++) {  // what the motion is like
    run(d, warm_n + k, 1);
    iters += iterations(d);
    touching += d->ncon;
  }
  int warnings = 0;
  for (int i = 0; i < mjNWARNING; i++) warnings += d->warning[i].number;
  head("step");
  double end = cpu() + 1e6 * seconds;
  for (int r = 0; r < 3 || cpu() < end; r++) {
    begin(d, q1, v1, w1);
    double t = cpu();
    run(d, warm_n, run_n);
    printf("%s%.4f", r ? "," : "", (cpu() - t) / run_n);
  }
  printf("],\"iterations\":%.3f,\"contacts\":%.2f,\"warnings\":%d}\n", iters / run_n, touching / run_n, warnings);
}

// Finite differences at states of the motion; mjd_transitionFD takes its own step.
static void gradient(mjData* d, double seconds) {
  enum { samples = 20 };
  mjtNum* keep[2 * samples];
  int n = 0, every = run_n / samples > 1 ? run_n / samples : 1, size = mj_stateSize(m, mjSTATE_INTEGRATION);
  warm_up(d);
  begin(d, q1, v1, w1);
  for (int k = 0; k < run_n && n < 2 * samples; k++) {
    if (m->nu) memcpy(d->ctrl, u + (size_t)(warm_n + k) * m->nu, m->nu * sizeof(double));
    if (k % every == 0) {
      keep[n] = calloc(size, sizeof(mjtNum));
      mj_getState(m, d, keep[n++], mjSTATE_INTEGRATION);
    }
    mj_step(m, d);
  }
  size_t nx = 2 * m->nv + m->na;
  mjtNum *A = calloc(nx * nx, sizeof *A), *B = calloc(nx * (m->nu + 1), sizeof *B);
  const char* names[] = {"step at samples", "step+jacobians forward", "step+jacobians centered"};
  for (int c = 0; c < 3; c++) {
    head(names[c]);
    double end = cpu() + 1e6 * seconds;
    for (int r = 0; r < 2 || cpu() < end; r++) {
      double total = 0;
      for (int i = 0; i < n; i++) {
        mj_setState(m, d, keep[i], mjSTATE_INTEGRATION);
        double t = cpu();
        if (c == 0) mj_step(m, d);
        else mjd_transitionFD(m, d, 1e-6, c == 2, A, m->nu ? B : 0, 0, 0);
        total += cpu() - t;
      }
      printf("%s%.4f", r ? "," : "", total / n);
    }
    printf("]}\n");
  }
}

enum { jobs = 16, batch_runs = 25, most_workers = 4, rounds = 1000 };
static int next_job, batch_n;

static void* worker(void* data) {
  while (__atomic_fetch_add(&next_job, 1, __ATOMIC_RELAXED) < jobs) {
    begin(data, q1, v1, w1);
    run(data, warm_n, batch_n);
  }
  return 0;
}

// Wall time per step of rollouts on threads that own one mjData each, in turns.
static void batch(mjData* d, double seconds) {
  static const int counts[] = {1, 2, 4};
  static double us[3][rounds];
  mjData* data[most_workers];
  warm_up(d);
  batch_n = run_n < batch_runs ? run_n : batch_runs;
  for (int i = 0; i < most_workers; i++) data[i] = mj_makeData(m);
  int n = 0;
  double end = clock_us(CLOCK_MONOTONIC) + 1e6 * seconds;
  for (; n < 3 || (n < rounds && clock_us(CLOCK_MONOTONIC) < end); n++)
    for (int c = 0; c < 3; c++) {
      pthread_t id[most_workers];
      int workers = counts[c];
      next_job = 0;
      double t = clock_us(CLOCK_MONOTONIC);
      for (int i = 0; i < workers; i++) pthread_create(id + i, 0, worker, data[i]);
      for (int i = 0; i < workers; i++) pthread_join(id[i], 0);
      us[c][n] = (clock_us(CLOCK_MONOTONIC) - t) / (jobs * batch_n);
    }
  for (int c = 0; c < 3; c++) {
    char what[20];
    snprintf(what, sizeof what, "workers %d", counts[c]);
    head(what);
    for (int i = 0; i < n; i++) printf("%s%.4f", i ? "," : "", us[c][i]);
    // what is used, not the arena's size, which is set by hand
    printf("],\"bytes\":%.0f}\n", (double)sizeof(mjData) + data[0]->nbuffer + data[0]->maxuse_arena);
  }
}

// Where the centers of mass are at the end of the motion.
static void finish(mjData* d, double seconds) {
  double best = INFINITY, began = cpu();
  for (int r = 0; r == 0 || (r < 5 && cpu() - began < 1e6 * seconds); r++) {
    begin(d, q0, v0, 0);
    double t = cpu();
    run(d, 0, run_n);
    t = (cpu() - t) / run_n;
    if (t < best) best = t;
  }
  mj_kinematics(m, d);
  head("end");
  printf("%.4f],\"positions\":[", best);
  for (int b = 1; b < m->nbody; b++)
    printf("%s%.17g,%.17g,%.17g", b > 1 ? "," : "", d->xipos[3 * b], d->xipos[3 * b + 1], d->xipos[3 * b + 2]);
  printf("]}\n");
}

int main(int argc, char** argv) {
  if (argc != 5) die("usage", "mujoco WHAT FILE SECONDS VARIANT");
  load(argv[2], argv[4]);
  mjData* d = mj_makeData(m);
  double seconds = atof(argv[3]);
  if (!strcmp(argv[1], "step")) step(d, seconds);
  else if (!strcmp(argv[1], "gradient")) gradient(d, seconds);
  else if (!strcmp(argv[1], "batch")) batch(d, seconds);
  else if (!strcmp(argv[1], "end")) finish(d, seconds);
  else die("MuJoCo does not measure", argv[1]);
  return 0;
}
