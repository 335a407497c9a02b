package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// completions returns what the shell would be offered for the last word.
func completions(words ...string) []string {
	_, out, _ := ukemi(append([]string{"__complete"}, words...)...)
	var l []string
	for _, s := range strings.Split(out, "\n") {
		if name, _, _ := strings.Cut(s, "\t"); name != "" && name[0] != ':' {
			l = append(l, name)
		}
	}
	return l
}

func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"simu", []string{"simulate"}},
		{"simulate quadru", []string{"quadruped"}},
		{"render dom", []string{"dominoes"}},
		{"view x.csv --model cart", []string{"cartpole"}},
		{"simulate block --controller ", []string{"none", "hold", "random"}},
		{"fit block --method ", []string{"torque", "simulate"}},
		{"replay ", []string{"ukemi"}},
		{"plot ", []string{"ukemi", "csv"}},
		{"simulate block --record ", []string{"ukemi"}},
		{"simulate my", []string{"urdf", "xml", "mjcf"}},
	} {
		if got := completions(strings.Split(c.words, " ")...); !slices.Equal(got, c.want) {
			t.Errorf("ukemi %s offers %q, want %q", c.words, got, c.want)
		}
	}
	if all := completions("simulate", ""); !slices.Contains(all, "quadruped") || !slices.Contains(all, "a1") {
		t.Errorf("simulate offers %q", all)
	}
}

func TestMeant(t *testing.T) {
	names := []string{"FR_hip_joint", "FL_hip_joint", "trunk", "quadruped"}
	for typed, want := range map[string]string{
		"quadrupd": `; did you mean "quadruped"?`,
		"FR_hip":   `; did you mean "FR_hip_joint" or "FL_hip_joint"?`,
		"TRUNK":    `; did you mean "trunk"?`,
		"zebra":    "",
		"":         "",
	} {
		if got := meant(typed, names); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"κ", "k", 1}, {"same", "same", 0}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != got {
			t.Errorf("from %q to %q it is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestVersionAndDoctor(t *testing.T) {
	if status, out, _ := ukemi("--version"); status != 0 || !strings.HasPrefix(out, "ukemi version ") || !strings.Contains(out, "go1") {
		t.Errorf("status %d: %q", status, out)
	}
	t.Setenv("UKEMI_DATA", t.TempDir()+"/none")
	t.Setenv("PATH", "")
	status, out, _ := ukemi("doctor", "--json")
	var l []finding
	if err := json.Unmarshal([]byte(out), &l); err != nil || status != 0 || len(l) != 5 {
		t.Fatalf("status %d, %v: %s", status, err, out)
	}
	if f := l[2]; f.OK || !strings.Contains(f.Detail, "apt-get install ffmpeg") {
		t.Errorf("%+v", f)
	}
	if f := l[4]; f.OK || !strings.Contains(f.Detail, "UKEMI_DATA") {
		t.Errorf("%+v", f)
	}
	if _, out, _ := ukemi("doctor"); !strings.Contains(out, "missing   render --out x.mp4") || !strings.Contains(out, "ok        simulate") {
		t.Errorf("it says %s", out)
	}
}
