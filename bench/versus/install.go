package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shop is the folder in which the other engines are installed and their programs built.
type shop struct {
	dir  string
	made map[*program][]string // commands of programs that are ready
	bad  map[*program]error
}

func newShop(dir string) *shop {
	return &shop{dir, map[*program][]string{}, map[*program]error{}}
}

// command returns how to call the program, after making it once.
func (s *shop) command(p *program) ([]string, error) {
	if c, ok := s.made[p]; ok {
		return c, nil
	}
	if err, ok := s.bad[p]; ok {
		return nil, err
	}
	c, err := s.make(p)
	if err != nil {
		s.bad[p] = fmt.Errorf("cannot be installed: %w", err)
		return nil, s.bad[p]
	}
	s.made[p] = c
	return c, nil
}

func (s *shop) make(p *program) ([]string, error) {
	text, err := sources.ReadFile("engines/" + p.source)
	if err != nil {
		return nil, err
	}
	if err := s.install(p); err != nil {
		return nil, err
	}
	source := filepath.Join(s.dir, p.source)
	if err := os.WriteFile(source, text, 0o644); err != nil {
		return nil, err
	}
	binary := strings.TrimSuffix(source, filepath.Ext(source))
	switch filepath.Ext(source) {
	case ".py":
		return []string{s.python(), source}, nil
	case ".c":
		lib, err := one(filepath.Join(s.dir, "venv/lib/python*/site-packages/mujoco/libmujoco.so.*"))
		if err != nil {
			return nil, err
		}
		site := filepath.Dir(lib)
		return []string{binary}, quiet("cc", "-O2", "-I"+filepath.Join(site, "include"), source, "-o", binary, lib, "-Wl,-rpath,"+site, "-lm", "-lpthread")
	default:
		root, err := one(filepath.Join(s.dir, "venv/lib/python*/site-packages/cmeel.prefix"))
		if err != nil {
			return nil, err
		}
		// The Boost limits are those that Pinocchio itself is compiled with. With its instantiated templates the
		// compiler takes a quarter of a minute, without them two; they are for any x86-64 processor.
		args := []string{"-std=c++17", "-O3", "-DNDEBUG", "-DBOOST_MPL_LIMIT_LIST_SIZE=30", "-DBOOST_MPL_CFG_NO_PREPROCESSED_HEADERS", "-DPINOCCHIO_ENABLE_TEMPLATE_INSTANTIATION"}
		for _, i := range []string{"", "eigen3", "urdfdom", "urdfdom_headers", "console_bridge"} {
			args = append(args, "-I"+filepath.Join(root, "include", i))
		}
		lib := filepath.Join(root, "lib")
		args = append(args, source, "-o", binary, "-L"+lib, "-lpinocchio_default", "-lpinocchio_parsers", "-Wl,-rpath,"+lib)
		return []string{binary}, quiet("c++", args...)
	}
}

func (s *shop) python() string { return filepath.Join(s.dir, "venv", "bin", "python") }

// install makes the virtual environment and adds the program's packages. A note beside them saves asking again
// when the folder is kept.
func (s *shop) install(p *program) error {
	if _, err := os.Stat(s.python()); err != nil {
		if err := quiet("python3", "-m", "venv", filepath.Join(s.dir, "venv")); err != nil {
			return err
		}
	}
	note := filepath.Join(s.dir, p.source+".installed")
	want := strings.Join(p.pip, " ")
	if have, err := os.ReadFile(note); err == nil && string(have) == want {
		return nil
	}
	args := append([]string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check"}, p.pip...)
	if err := quiet(s.python(), args...); err != nil {
		return err
	}
	return os.WriteFile(note, []byte(want), 0o644)
}

// one returns the last of the files that match.
func one(pattern string) (string, error) {
	l, err := filepath.Glob(pattern)
	if err != nil || len(l) == 0 {
		return "", fmt.Errorf("no %s among what was installed", filepath.Base(pattern))
	}
	return filepath.Abs(l[len(l)-1])
}

// quiet runs a command; an error has the first line that tells why.
func quiet(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(name), explain(err, string(out)))
	}
	return nil
}

// explain returns what a program said of its failure: its first line with the word error, or its last line.
func explain(err error, said string) error {
	said = strings.TrimSpace(said)
	if said == "" {
		return err
	}
	lines := strings.Split(said, "\n")
	for _, l := range lines {
		if strings.Contains(strings.ToLower(l), "error") {
			return errors.New(cut(l))
		}
	}
	return errors.New(cut(lines[len(lines)-1]))
}

// cut returns a line that fits into a table.
func cut(l string) string {
	const most = 160
	r := []rune(strings.TrimSpace(l))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}
