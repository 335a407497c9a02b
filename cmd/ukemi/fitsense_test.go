package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hinge is an arm of one joint with limits of ±1 rad.
const hinge = `<robot name="one"><link name="base"/>
<link name="rod"><inertial><origin xyz="0 0 -0.2"/><mass value="1"/><inertia ixx="0.02" iyy="0.02" izz="0.001" ixy="0" ixz="0" iyz="0"/></inertial></link>
<joint name="knee" type="revolute"><parent link="base"/><child link="rod"/><axis xyz="0 1 0"/>
<limit lower="-1" upper="1" effort="50" velocity="10"/><dynamics damping="0.2" friction="0.1"/></joint></robot>`

// TestSenseOfLogs: what a log of a stranger can hardly mean is said: degrees, milliseconds, a joint at its limit, one
// that does not move, velocities of other units, columns that no comma separates, nothing at all; and a table of `ukemi
// simulate` has torques after its first row.
func TestSenseOfLogs(t *testing.T) {
	dir := t.TempDir()
	robot := filepath.Join(dir, "one.urdf")
	put(t, robot, hinge)
	table := func(row func(s float64) (time, q, v, tau float64)) string {
		var b strings.Builder
		b.WriteString("time,knee,v.knee,tau.knee\n")
		for k := range 1000 {
			a, q, v, tau := row(float64(k) / 250)
			fmt.Fprintf(&b, "%.6g,%.8g,%.8g,%.8g\n", a, q, v, tau)
		}
		return b.String()
	}
	swing := func(s float64) (q, v, tau float64) {
		q, v = 0.8*math.Sin(3*s), 2.4*math.Cos(3*s)
		return q, v, 0.4*v - 7.2*0.06*math.Sin(3*s) + 1.96*math.Sin(q) + 0.02*math.Sin(91*s)
	}
	plain := table(func(s float64) (float64, float64, float64, float64) { q, v, f := swing(s); return s, q, v, f })
	for _, c := range []struct {
		name, text, want string
		status           int
	}{
		{"plain", plain, "", 0},
		{"degrees", table(func(s float64) (float64, float64, float64, float64) {
			q, v, f := swing(s)
			return s, 57.3 * q, 57.3 * v, f
		}), "joint knee goes from -45.8 to 45.8 rad, beyond its limits of -1 and 1: are its positions in degrees?", 0},
		{"half", table(func(s float64) (float64, float64, float64, float64) { q, v, f := swing(s); return s, q, 57.3 * v, f }), "the velocities of joint knee are 57.3 times what its positions change by", 0},
		{"limit", table(func(s float64) (float64, float64, float64, float64) {
			q, v, f := swing(s)
			if q > 0.6 {
				q, v = 1, 0
			}
			return s, q, v, f
		}), "joint knee stands at a limit in 2", 0},
		{"still", table(func(s float64) (float64, float64, float64, float64) { _, _, f := swing(s); return s, 0.5, 0, f }), "joint knee does not move", 0},
		{"ms", table(func(s float64) (float64, float64, float64, float64) { q, v, f := swing(s); return 1000 * s, q, v, f }), "its samples come every 4 s", 1},
		{"semicolons", strings.ReplaceAll(plain, ",", ";"), "the header are not separated by commas but by semicolons", 1},
		{"empty", "", "empty.csv is empty", 1},
		{"table", strings.Replace(plain, "tau.knee\n", "tau.knee,energy.total\n0,0,2.4,NaN,1\n", 1), "4 columns, the header has 5; is the file cut off?", 1},
	} {
		log := filepath.Join(dir, c.name+".csv")
		put(t, log, c.text)
		status, out, errs := ukemi("fit", robot, "--base", "fixed", "--data", log, "--method", "torque")
		if said := out + errs; status != c.status || !strings.Contains(said, c.want) || c.want == "" && strings.Contains(said, log+": ") {
			t.Errorf("%s: status %d, want %d and %q: %s", c.name, status, c.status, c.want, said)
		}
	}
	log := filepath.Join(dir, "own.csv")
	if status, _, errs := ukemi("simulate", robot, "--base", "fixed", "--ground=false", "--controller", "random", "--out", log); status != 0 {
		t.Fatal(errs)
	}
	status, out, errs := ukemi("fit", robot, "--base", "fixed", "--data", log, "--method", "torque", "--params", "*.damping")
	if status != 0 || !strings.Contains(out, "left out 1 sample before the first torque") {
		t.Errorf("a table of our own: status %d, %s%s", status, out, errs)
	}
}

// TestFitInterrupted: Ctrl-C in the middle leaves numbers, robot and picture, each whole; what was there before stays until then.
func TestFitInterrupted(t *testing.T) {
	dir := t.TempDir()
	robot, log := filepath.Join(dir, "one.urdf"), filepath.Join(dir, "log.csv")
	put(t, robot, hinge)
	if status, _, errs := ukemi("simulate", robot, "--base", "fixed", "--ground=false", "--controller", "random", "--out", log); status != 0 {
		t.Fatal(errs)
	}
	fitted, plot := filepath.Join(dir, "fitted.urdf"), filepath.Join(dir, "plot.png")
	for delay := 20 * time.Millisecond; ; delay *= 2 { // until it has found something
		ctx, cancel := context.WithTimeout(context.Background(), delay)
		c, out := newRoot(), strings.Builder{}
		c.SetArgs([]string{"fit", robot, "--base", "fixed", "--data", log, "--method", "simulate", "--params", "*.damping,rod.inertia", "--searches", "10000", "--window", "0", "--out", fitted, "--plot", plot})
		c.SetOut(&out)
		c.SetErr(&out)
		err := c.ExecuteContext(ctx)
		cancel()
		if err == nil {
			t.Fatal("10000 searches came to their end")
		}
		if strings.Contains(err.Error(), "before anything was found") {
			continue
		}
		if !strings.Contains(err.Error(), "interrupted: these are the best numbers") || !strings.Contains(out.String(), "wrote "+fitted) {
			t.Fatalf("%v\n%s", err, &out)
		}
		break
	}
	if status, _, errs := ukemi("inspect", fitted, "--base", "fixed"); status != 0 {
		t.Error(errs)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 4 {
		t.Errorf("%v %v, want robot, log, fitted robot and picture alone", left, err)
	}
	if info, err := os.Stat(plot); err != nil || info.Size() < 5000 {
		t.Errorf("the picture: %v", err)
	}
}

// TestSenseOfAPendulum: a hinge without limits in degrees was fitted without a word, and one in milliseconds failed as
// a step in which it turned too far.
func TestSenseOfAPendulum(t *testing.T) {
	for _, c := range []struct {
		name       string
		time, turn float64
		want       string
		status     int
	}{
		{"right", 1, 1, "", 0},
		{"degrees", 1, 180 / math.Pi, "joint hinge swings from -40.1 to 40.1 rad and back: are its positions in degrees?", 0},
		{"ms", 1000, 1, "its samples come every 10 s, too far apart to simulate from one to the next: is time in milliseconds?", 1},
	} {
		path, text := filepath.Join(t.TempDir(), c.name+".csv"), "time,hinge\n"
		for k := range 200 {
			s := 0.01 * float64(k)
			text += fmt.Sprintf("%.9g,%.9g\n", c.time*s, c.turn*0.7*math.Cos(4.4*s)) // 0.7 rad, for which pendulums swing slower
		}
		put(t, path, text)
		status, out, errs := ukemi("fit", "pendulum", "--data", path, "--params", "hinge.damping")
		if all := out + errs; status != c.status || !strings.Contains(all, c.want) || c.want == "" && strings.Contains(all, "degrees") {
			t.Errorf("%s: status %d, want %d and %q; it says\n%s", c.name, status, c.status, c.want, all)
		}
	}
}

// TestLogsAsProgramsWriteThem: what a file is written with, and where its clock begins, changes nothing; what is missing is said.
func TestLogsAsProgramsWriteThem(t *testing.T) {
	_, text, _ := ukemi("simulate", "cartpole", "--controller", "random", "--seed", "3", "--seconds", "1.5", "--out", "-", "--columns", "time,track,hinge,v.track,v.hinge,u.track")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	later := func(by, factor float64) string {
		out := lines[0] + "\n"
		for _, l := range lines[1:] {
			at, rest, _ := strings.Cut(l, ",")
			s, err := strconv.ParseFloat(at, 64)
			if err != nil {
				t.Fatal(err)
			}
			out += strconv.FormatFloat(factor*(s+by), 'f', 9, 64) + "," + rest + "\n"
		}
		return out
	}
	find := func(text string) (float64, string, string) {
		_, out, errs := ukemi("fit", "cartpole", "--params", "pole.mass", "--json", "--data", write(t, "log.csv", text))
		var x struct {
			Result struct{ Estimates []struct{ Value float64 } }
			Notes  []string
		}
		if err := json.Unmarshal([]byte(out), &x); err != nil || len(x.Result.Estimates) != 1 {
			return 0, "", errs
		}
		return x.Result.Estimates[0].Value, strings.Join(x.Notes, "\n"), errs
	}
	want, _, errs := find(text)
	if !(want > 0.05 && want < 0.2) {
		t.Fatalf("pole.mass = %g, %s", want, errs)
	}
	for name, text := range map[string]string{
		"BOM": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "CR": strings.ReplaceAll(text, "\n", "\r"), "savetxt": "# " + text,
		"remark": "# made by a logger\n" + text, "empty column": strings.ReplaceAll(text, "\n", ",\n"), "clock of 1970": later(1.7e9, 1),
	} {
		if got, _, errs := find(text); math.Abs(got-want) > 1e-3*want {
			t.Errorf("%s: pole.mass = %g, want %g; %s", name, got, want, errs)
		}
	}
	gap := strings.Join(append(slices.Clone(lines[:50]), lines[90:]...), "\n")
	if _, notes, errs := find(gap); !strings.Contains(notes, "1 gap in time, the longest of 0.41 s after 0.48 s") {
		t.Errorf("a gap: %q, %s", notes, errs)
	}
	for text, want := range map[string]string{
		later(0, 1e6): "is time in microseconds?", later(0, 1e9): "is time in nanoseconds?", strings.ReplaceAll(text, "time,", "Time [s],"): `there is no column "time" (s); did you mean "Time [s]"?`,
		strings.Replace(text, "hinge", "hinge (deg)", 1): `or a joint of --lock; did you mean "hinge (deg)"?`, strings.Join(lines[1:], "\n"): "numbers in place of the names",
		strings.Join(lines[:40], "\n") + "\n0.4,1": "row 41: 2 columns, the header has 6; is the file cut off?", lines[0] + "\n" + strings.ReplaceAll(strings.Join(lines[1:], "\n"), ".", ","): "are there commas in its numbers?",
	} {
		if _, _, errs := find(text); !strings.Contains(errs, want) {
			t.Errorf("%.40q: %s, want %q", text, errs, want)
		}
	}
}
