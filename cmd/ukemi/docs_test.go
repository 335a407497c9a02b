package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// parsedOnly are commands that a test cannot run to their end; their words and flags are looked at all the same. A pattern fits the
// beginning of a command.
var parsedOnly = []struct{ pattern, why string }{
	{`view [^ ]+( --model [^ ]+)?$`, "opens a window"},
	{`view [^ ]+ --web`, "serves until it is stopped"},
	{`optimize (trot|leap|rise|mpc|lift|push)`, "takes long; TestOptimize and trajopt/task run them"},
	{`fit (panda|arm|robot|cube|walker)\.urdf --(base|data)`, "wants measurements that are not part of the repository"},
	{`gradcheck --matrix`, "rewrites a page of docs, in an hour"},
	{`gradcheck robot\.urdf`, "takes long; TestGradcheck runs it"},
	{`^web|^gallery .*--page`, "compiles the checkout it is run in; TestWeb and TestGallery of this package run it"},
	{`bench`, "measures the machine; TestBench runs it"},
	{`render [^ ]+ .*\.mp4`, "wants ffmpeg"},
}

var (
	shellBlock  = regexp.MustCompile("(?s)```sh\n(.*?)```|((?:\n    ukemi [^\n]*)+)")
	inlineCode  = regexp.MustCompile("`((?:go run \\./cmd/)?ukemi [^`|]*)`")
	placeholder = regexp.MustCompile(`[A-Z]{3,}|…|\[`)
)

// documented returns the commands of a page: lines of shell blocks, and code in running text that names no placeholder.
func documented(text string) (l []string) {
	add := func(line string) {
		line, _, _ = strings.Cut(line, " #")
		for _, c := range strings.Split(line, "&&") {
			c = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(c), "go run ./cmd/"))
			if rest, ok := strings.CutPrefix(c, "ukemi "); ok {
				l = append(l, strings.TrimSpace(rest))
			}
		}
	}
	for _, b := range shellBlock.FindAllStringSubmatch(text, -1) {
		for _, line := range strings.Split(b[1]+b[2], "\n") {
			add(line)
		}
	}
	for _, m := range inlineCode.FindAllStringSubmatch(text, -1) {
		if w := strings.Fields(strings.TrimPrefix(m[1], "go run ./cmd/")); !placeholder.MatchString(m[1]) && len(w) > 2 && w[2][0] != '-' { // else it only names a verb
			add(m[1])
		}
	}
	return l
}

// words splits a command as a shell does that knows double quotes.
func words(command string) (l []string) {
	for _, m := range regexp.MustCompile(`"([^"]*)"|[^ ]+`).FindAllStringSubmatch(command, -1) {
		if w := m[0]; strings.HasPrefix(w, `"`) {
			l = append(l, m[1])
		} else {
			l = append(l, w)
		}
	}
	return l
}

// TestCommandsOfTheDocs runs every command of README, docs and the help of all commands, in order, in a folder that has what a fresh clone
// has, a robot.urdf and a hills.png.
func TestCommandsOfTheDocs(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	type command struct{ page, text string }
	var all []command
	for _, p := range append([]string{filepath.Join(root, "README.md")}, pages...) {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range documented(string(text)) {
			all = append(all, command{filepath.Base(p), c})
		}
	}
	for _, c := range append(newRoot().Commands(), newRoot()) {
		for _, line := range strings.Split(c.Example, "\n") {
			for _, x := range documented("```sh\n" + line + "\n```") {
				all = append(all, command{"help of " + c.Name(), x})
			}
		}
	}
	if len(all) < 60 {
		t.Fatalf("only %d commands were found", len(all))
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "docs", "img"), 0o700); err != nil {
		t.Fatal(err)
	}
	robot, err := os.ReadFile(robotFile(t, `effort="5"`, ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "robot.urdf"), robot, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "robot.xml"), []byte(`<mujoco><worldbody><geom type="plane" size="1 1 1"/><body pos="0 0 1"><freejoint/><geom size="0.1"/></body></worldbody></mujoco>`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(hill(t), filepath.Join(dir, "hills.png")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	simulateJSON(t, "block", "--out", "run.csv") // as docs/identify.md says
	ran := 0
	for _, c := range all {
		args := words(c.text)
		if why := unfit(c.text); why != "" {
			t.Logf("PARSED ONLY (%s): ukemi %s", why, c.text)
			args = append(args, "--help")
		} else {
			ran++
		}
		status, _, errs := ukemi(args...)
		if may := strings.Contains(c.text, "compare ") || strings.Contains(c.text, "gradcheck pyramid3"); status != 0 && !(may && !strings.Contains(errs, "ukemi:")) {
			t.Errorf("%s: ukemi %s: status %d: %s", c.page, c.text, status, errs)
		}
	}
	t.Logf("%d commands run, %d looked at", ran, len(all)-ran)
}

func unfit(text string) string {
	for _, p := range parsedOnly {
		if regexp.MustCompile("^" + p.pattern).MatchString(text) {
			return p.why
		}
	}
	return ""
}

// TestHelpTellsDefaults: what a flag's text says of its default is not said again, empty.
func TestHelpTellsDefaults(t *testing.T) {
	for _, c := range newRoot().Commands() {
		if help := c.UsageString(); strings.Contains(help, "(default )") {
			t.Errorf("%s: a default without a value:\n%s", c.Name(), help)
		}
	}
}
