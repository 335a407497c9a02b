package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestErrors: every mistake ends with status 1 and one clear message that names file or flag.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	garbage := write(t, "garbage.urdf", "<robot><link")
	negative := filepath.Join(dir, "negative.urdf")
	if err := os.WriteFile(negative, []byte(`<robot name="r"><link name="a"><inertial><mass value="-1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link></robot>`), 0o600); err != nil {
		t.Fatal(err)
	}
	table := write(t, "u.csv", "time,speed\n0,1\n")
	run := filepath.Join(dir, "run.ukemi")
	simulateJSON(t, "block", "--seconds", "0.05", "--record", run)
	broken := write(t, "broken.ukemi", "ukemi-r\n")
	for _, c := range []struct{ args, want string }{
		{"simulate", "wants one model"},
		{"simulate a b", "wants one model"},
		{"simulate dog", "no model \"dog\" (`ukemi models` lists"},
		{"simulate qadruped", "no model \"qadruped\"; did you mean \"quadruped\"? (`ukemi models`"},
		{"web qadruped", `did you mean "quadruped"`},
		{"simulate quadruped:13", "24 (with hips and thighs)\n"},
		{"simulate dog.urdf", "no file dog.urdf"},
		{"simulate " + garbage, "garbage.urdf:1"},
		{"simulate " + negative, `link "a"`},
		{"simulate " + dir, "is a folder"},
		{"simulate block --seconds -1", "--seconds is -1"},
		{"simulate block --seconds 0", "--seconds is 0"},
		{"simulate block --seconds 1e-9", "less than one step"},
		{"simulate block --seconds 1e300", "--seconds 1e+300"},
		{"simulate block --seconds NaN", "--seconds is NaN"},
		{"simulate block --timestep 0", "--timestep is 0"},
		{"simulate block --timestep nan", "--timestep is NaN"},
		{"simulate block --timestep -0.1", "--timestep is -0.1"},
		{"simulate block --kappa -1", "--kappa is -1"},
		{"simulate block --kappa Inf", "--kappa is +Inf"},
		{"gradcheck block --kappa 3", "--kappa is 3: bodies would rest"},
		{"simulate block --kappa 1e9", "--kappa is 1e+09: bodies would rest"},
		{"simulate quadruped --q knee=1", `no coordinate "knee"; it has FR_hip_joint, FR_thigh_joint, `},
		{"simulate block --q knee=1", `no coordinate "knee"; it has free.x, `},
		{"simulate block --height -1", "--height is -1"},
		{"simulate block --height NaN", "--height is NaN"},
		{"simulate block --friction -0.5", "--friction is -0.5"},
		{"simulate block --base sideways", "--base is"},
		{"simulate block --base fixed", "--base is for files"},
		{"simulate block --controller magic", "--controller is"},
		{"simulate block --seed -1", "--seed"},
		{"simulate block --fast", "--fast"},
		{"simulate block --plot picture.jpg", "ending in .png, .svg or .pdf"},
		{"simulate block --out run.txt", "ending in .csv"},
		{"simulate block --record run.csv", "ending in .ukemi"},
		{"simulate block --out - --json", "both want standard output"},
		{"simulate block --columns time", "--columns is for --out"},
		{"simulate block --plot-signals time", "--plot-signals is for --plot"},
		{"simulate quadruped --plot " + filepath.Join(dir, "x.png") + " --plot-signals tua.FR_hip_joint", `"tau.FR_hip_joint"`},
		{"simulate quadruped --out " + filepath.Join(dir, "x.csv") + " --columns FR_hip", `did you mean "FR_hip_joint"`},
		{"simulate block --gravity 1,2", "--gravity is"},
		{"simulate block --slope 90", "less than 90 degrees"},
		{"simulate block --slope 5 --ground-pose 1", "exclude each other"},
		{"simulate block --ground-pose 1,2,3,4", "--ground-pose is"},
		{"simulate block --ground-pose 0,91", "less than 90 degrees"},
		{"simulate block --slope 5 --ground=false", "--ground=false leaves out"},
		{"simulate cartpole --slope 5", "slides on rails of its own"},
		{"simulate block --wall z=1", "--wall is"},
		{"simulate block --wall x=0", "--wall is"},
		{"simulate block --wall xy=1", "--wall is"},
		{"simulate quadruped --q FR_hap_joint=1", `no coordinate "FR_hap_joint"; did you mean "FR_hip_joint"`},
		{"simulate quadruped --q FR_hip_joint", "want joint=value"},
		{"simulate quadruped --q FR_calf_joint=0", "beyond its limits"},
		{"simulate quadruped --q floating_base.qw=0", "the quaternion of floating_base has length 0"},
		{"simulate block --start run.json", "want FILE.csv or FILE.ukemi"},
		{"simulate block --start none.csv", "none.csv"},
		{"simulate block --start " + table + ":0", "no column is a coordinate of block"},
		{"simulate block --start " + table + ":7", "has the rows 0 to 0"},
		{"simulate block --start " + table + ":-7", "row -7"},
		{"simulate cartpole --inputs none.csv", "--inputs"},
		{"simulate cartpole --inputs " + table, `no column is an input of cartpole, such as "u.track"`},
		{"simulate block --inputs " + table, "has no driven joints"},
		{"simulate cartpole --inputs " + table + " --controller random", "exclude each other"},
		{"simulate cartpole --interpolate", "--interpolate is for --inputs"},
		{"simulate cartpole --gains 3", "--gains is"},
		{"simulate cartpole --gains 3,-1 --controller hold", "--gains is"},
		{"simulate cartpole --gains 3,1", "they need targets"},
		{"simulate block --set block.mess=3", `no parameter "block.mess"; did you mean "block.mass"`},
		{"simulate block --set block.mass", "want parameter=value"},
		{"simulate block --set block.mass=-1", "--set"},
		{"simulate block --set block.friction=0 --friction 0", "--set"},
		{"simulate block --plot " + filepath.Join(dir, "none", "x.png"), "--plot"},
		{"simulate block --out " + filepath.Join(dir, "none", "x.csv"), "--out"},
		{"simulate chain:0", "1 to 10000"},
		{"simulate block --seeds -1", "--seeds is -1"},
		{"simulate block --sweep block.friction=0:1", "want parameter=a:b:n"},
		{"simulate block --sweep block.friction=0:1:1", "want parameter=a:b:n"},
		{"simulate block --sweep block.friction=0:1:2000000", "n from 2 to 1e+06"},
		{"simulate block --sweep block.frction=0:1:3", `did you mean "block.friction"`},
		{"simulate block --sweep block.mass=-1:1:3", "block.mass = -1"},
		{"simulate block --seeds 2 --record x.ukemi", "--record, --columns and --plot-signals are for one"},
		{"simulate quadruped --height 1e308", "floating_base.z at 1e+308, want at most 1e+09"},
		{"simulate pendulum --q *=1e300", "at 1e+300, want at most 1e+09"},
		{"replay", "replay wants one run"},
		{"replay run.csv", "want a file ending in .ukemi"},
		{"replay none.ukemi", "none.ukemi"},
		{"replay " + broken, "broken.ukemi: sim: bad file"},
		{"export " + table, "--out is missing"},
		{"export " + table + " --out x.parquet", "ending in .csv, .npz or .mcap"},
		{"export " + table + " --out - --columns sped", `no signal "sped"; did you mean "speed"`},
		{"export block --out x.csv", "want a recording"},
		{"plot " + table, "--out is missing"},
		{"plot " + table + " --out x.gif", "ending in .png, .svg or .pdf"},
		{"plot " + table + " --out " + filepath.Join(dir, "x.png") + " --signals sped", `did you mean "speed"`},
		{"compare " + table, "compare wants two runs"},
		{"compare " + table + " none.csv", "none.csv"},
		{"compare " + table + " " + broken, "broken.ukemi"},
		{"compare " + table + " " + table + " --tolerance -1", "--tolerance is -1"},
		{"render " + broken + " --out x.png", "broken.ukemi"},
		{"view run.ukemi --web", "--web simulates"},
		{"inspect nothing", `no model "nothing"`},
		{"bench --kappa -1", "--kappa"},
		{"bench robustness --steps 0", "--steps"},
		{"bench robustness --mechanisms -1", "--mechanisms is -1"},
		{"bench robustness --only box", "--only"},
		{"bench robustness --only cat:0.01:1e-6:0", `no mechanism "cat"`},
		{"optimize", "wants one task"},
		{"optimize push lift", "wants one task"},
		{"optimize fly", `no task "fly"; there are swingup, push, lift, steer, hopper, trot, leap, rise, mpc`},
		{"optimize --list push", "wants no task"},
		{"optimize lift --kappa 1e-8", "number 2 at state 10 is off by 1 (tolerance 0.003)"},
		{"optimize push --kappa 1e-3,-1", "--kappa is -1"},
		{"optimize push --kappa soft", "--kappa"},
		{"optimize push --gradient-kappa 0", "--gradient-kappa is 0"},
		{"optimize push --iterations 0", "--iterations is 0"},
		{"optimize push --iterations 3", "iteration limit after 3 iterations"},
		{"optimize push --seconds 2", "for mpc"},
		{"optimize mpc --kappa 1e-2,1e-3", "mpc wants one κ"},
		{"optimize mpc --budget NaN", "--budget is NaN"},
		{"optimize push --plot x.jpg", "ending in .png"},
		{"optimize push --html " + filepath.Join(dir, "none", "x.html"), "--html"},
		{"fly", `unknown command "fly"`},
		{"simulte block", `did you mean "simulate"?`},
		{"simulate quadrupd", `did you mean "quadruped"?`},
		{"simulate chian:3", `did you mean "chain"`},
		{"simulate block --secnds 3", `simulate has no flag --secnds; did you mean "--seconds"`},
		{"view block --html page.txt", "ending in .html"},
		{"view block --fps 0 --html x.html", "--fps is 0"},
		{"render block --out x.png --at -1", "--at is -1"},
		{"render block --out x.gif --at 1", "--at is the moment of a picture"},
		{"render " + run + " --out " + filepath.Join(dir, "x.png") + " --at 3", "the run ends at 0.05 s"},
		{"render block --out x.jpg", "ending in .png, .gif or .mp4"},
	} {
		status, _, errs := ukemi(strings.Fields(c.args)...)
		if status != 1 || !strings.Contains(errs, c.want) {
			t.Errorf("ukemi %s: status %d, %q, want it to say %q", c.args, status, errs, c.want)
		}
		if strings.Contains(errs, "Usage:") || strings.Contains(errs, "panic") {
			t.Errorf("ukemi %s: too much said: %s", c.args, errs)
		}
	}
}
