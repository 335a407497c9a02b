package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFitMimic: how far one bar of a folding rod turns for the other, and from where, are found from its swing, and the robot that
// is written has them.
func TestFitMimic(t *testing.T) {
	dir := t.TempDir()
	rod := func(name, ratio, offset string) string {
		inertia := `<inertial><origin xyz="0 0 -0.1"/><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.001" ixy="0" ixz="0" iyz="0"/></inertial>`
		path := filepath.Join(dir, name)
		put(t, path, fmt.Sprintf(`<robot name="rod"><link name="base"/><link name="upper">%[1]s</link><link name="fore">%[1]s</link>
<joint name="hip" type="continuous"><parent link="base"/><child link="upper"/><axis xyz="0 1 0"/></joint>
<joint name="fold" type="continuous"><origin xyz="0 0 -0.2"/><parent link="upper"/><child link="fore"/><axis xyz="0 1 0"/><mimic joint="hip" multiplier="%[2]s" offset="%[3]s"/></joint></robot>`, inertia, ratio, offset))
		return path
	}
	log, out := filepath.Join(dir, "swing.csv"), filepath.Join(dir, "found.urdf")
	world := []string{"--base", "fixed", "--ground=false"}
	simulateJSON(t, append([]string{rod("true.urdf", "-0.8", "0.4"), "--seconds", "1", "--out", log}, world...)...)
	r, _ := runFit(t, append([]string{rod("guess.urdf", "-1", "0.3"), "--data", log, "--method", "simulate", "--params", "fold.mimic_ratio, fold.mimic_offset", "--out", out}, world...)...)
	if a, c := r.value(t, "fold.mimic_ratio"), r.value(t, "fold.mimic_offset"); math.Abs(a+0.8) > 1e-6 || math.Abs(c-0.4) > 1e-6 {
		t.Errorf("ratio %g and offset %g, in truth -0.8 and 0.4", a, c)
	}
	text, err := os.ReadFile(out)
	if err != nil || !strings.Contains(string(text), `multiplier="-0.`) || len(r.NotInFile) > 0 {
		t.Errorf("%v, the file lacks %+v:\n%s", err, r.NotInFile, text)
	}
}
