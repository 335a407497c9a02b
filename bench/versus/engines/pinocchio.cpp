// Pinocchio's side of the comparison. It has no contact and takes no steps: what it is known for is the analytic
// derivatives of smooth forward dynamics, the accelerations by configuration, velocity and force. The interface of
// all engines is in ../README.md.
//
//   pinocchio gradient FILE SECONDS default
#include <pinocchio/algorithm/aba-derivatives.hpp>
#include <pinocchio/algorithm/joint-configuration.hpp>
#include <pinocchio/config.hpp>
#include <pinocchio/parsers/mjcf.hpp>

#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <time.h>

using Vector = Eigen::VectorXd;

static double cpu() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e6 + t.tv_nsec * 1e-3;
}

struct Sample { Vector q, v, tau; };

static const Vector& accelerate(const pinocchio::Model& m, pinocchio::Data& d, const Sample& x) {
  pinocchio::computeABADerivatives(m, d, x.q, x.v, x.tau);
  return d.ddq;
}

// The file's quaternions are (w, x, y, z), Pinocchio's (x, y, z, w).
static void turn_quaternions(const pinocchio::Model& m, Vector& q) {
  for (std::size_t j = 1; j < m.joints.size(); j++) {
    const int at = m.idx_qs[j], nq = m.nqs[j], nv = m.nvs[j];
    if (nq == nv) continue;
    if (nq != nv + 1) throw std::runtime_error("joint " + m.names[j] + " has coordinates of an unknown kind");
    Eigen::Vector4d wxyz = q.segment<4>(at + nq - 4);
    q.segment<4>(at + nq - 4) << wxyz[1], wxyz[2], wxyz[3], wxyz[0];
  }
}

// About 20 states of the motion, by semi-implicit Euler steps.
static std::vector<Sample> motion(const pinocchio::Model& m, pinocchio::Data& d, const std::string& file) {
  std::ifstream in(file + ".txt");
  double h;
  int nq, nv, nu, warm, run;
  if (!(in >> h >> nq >> nv >> nu >> warm >> run) || nq != m.nq || nv != m.nv) throw std::runtime_error("its sizes are not those of the model");
  if (nu != 0 && nu != nv - 6) throw std::runtime_error("not every joint has a motor");
  Sample x{Vector(nq), Vector(nv), Vector::Zero(nv)};
  for (auto& c : x.q) in >> c;
  for (auto& c : x.v) in >> c;
  if (x.v.squaredNorm() > 0) throw std::runtime_error("it starts with a velocity");
  turn_quaternions(m, x.q);
  std::vector<Sample> all;
  for (int k = 0; k < warm + run; k++) {
    for (int i = 0; i < nu; i++) in >> x.tau[nv - nu + i];
    if (!in) throw std::runtime_error("too few numbers");
    if (k >= warm && (k - warm) % std::max(1, run / 20) == 0) all.push_back(x);
    x.v += h * accelerate(m, d, x);
    x.q = pinocchio::integrate(m, x.q, Vector(h * x.v));
  }
  return all;
}

static void measure(const char* what, const pinocchio::Model& m, double seconds, const std::vector<Sample>& at, const std::function<void(const Sample&)>& f) {
  std::printf("{\"what\":\"%s\",\"version\":\"%s\",\"dof\":%d,\"us\":[", what, PINOCCHIO_VERSION, m.nv);
  for (auto& x : at) f(x);
  const double end = cpu() + 1e6 * seconds;
  for (int r = 0; r < 3 || cpu() < end; r++) {
    const double t = cpu();
    for (auto& x : at) f(x);
    std::printf("%s%.4f", r ? "," : "", (cpu() - t) / at.size());
  }
  std::printf("]}\n");
}

int main(int argc, char** argv) try {
  if (argc != 5 || std::string(argv[1]) != "gradient") throw std::runtime_error("Pinocchio has no contact and takes no steps");
  pinocchio::Model m;
  pinocchio::mjcf::buildModel(std::string(argv[2]) + ".xml", m);
  pinocchio::Data d(m);
  const double seconds = std::stod(argv[3]);
  const auto at = motion(m, d, argv[2]);
  measure("acceleration+jacobians", m, seconds, at, [&](const Sample& x) { pinocchio::computeABADerivatives(m, d, x.q, x.v, x.tau); });
} catch (const std::exception& e) {
  std::cerr << e.what() << "\n";
  return 1;
}
