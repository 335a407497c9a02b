package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// halfWidth is the unit of length of the data in meters: half the width of the cube.
const halfWidth = 0.0524

// experiment is experiment.json: lengths in half widths, everything else SI.
type experiment struct {
	DT      float64 `json:"dt"`
	G       float64 `json:"g"`
	Inertia float64 `json:"inertia"`
	Mass    float64 `json:"mass"`
	Mu      float64 `json:"mu"`
}

// sample is one measured state in SI units. The velocities of the data are those of the interval that ends
// at the sample, as ours: they agree with backward differences of the poses, forward ones are off by g dt.
type sample struct {
	pos  [3]float64
	quat [4]float64 // w, x, y, z
	vel  [3]float64 // world axes
	omg  [3]float64 // body axes
}

type toss struct {
	name    string
	samples []sample
}

// dataFolder returns the folder with the tosses: what the flag says, or tosses in UKEMI_DATA, or the
// default beside the project, seen from its root or from this folder.
func dataFolder(flag string) string {
	if flag != "" {
		return flag
	}
	if d := os.Getenv("UKEMI_DATA"); d != "" {
		return filepath.Join(d, "tosses")
	}
	const rel = "../shared/data/tosses"
	if _, err := os.Stat(rel); err != nil {
		if up := filepath.Join("..", "..", rel); exists(up) {
			return up
		}
	}
	return rel
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// errNoData is returned when the folder is not there.
var errNoData = errors.New("no tosses")

// load reads the experiment and up to limit tosses of a folder (0 is all), in the order of their numbers.
func load(dir string, limit int) (experiment, []toss, error) {
	var ex experiment
	b, err := os.ReadFile(filepath.Join(dir, "experiment.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return ex, nil, fmt.Errorf("%w in %s: it holds no experiment.json", errNoData, dir)
	}
	if err != nil {
		return ex, nil, err
	}
	if err := json.Unmarshal(b, &ex); err != nil {
		return ex, nil, fmt.Errorf("experiment.json: %w", err)
	}
	for name, v := range map[string]float64{"dt": ex.DT, "g": ex.G, "inertia": ex.Inertia, "mass": ex.Mass} {
		if !(v > 0) || math.IsInf(v, 0) {
			return ex, nil, fmt.Errorf("experiment.json: %s is %g, want a positive number", name, v)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return ex, nil, err
	}
	number := func(f string) int {
		n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(f), ".csv"))
		if err != nil {
			return math.MaxInt
		}
		return n
	}
	sort.SliceStable(files, func(i, j int) bool { return number(files[i]) < number(files[j]) })
	if limit > 0 && limit < len(files) {
		files = files[:limit]
	}
	if len(files) == 0 {
		return ex, nil, fmt.Errorf("%w in %s", errNoData, dir)
	}
	var tosses []toss
	for _, f := range files {
		t, err := readToss(f)
		if err != nil {
			return ex, nil, err
		}
		tosses = append(tosses, t)
	}
	return ex, tosses, nil
}

func readToss(file string) (toss, error) {
	f, err := os.Open(file)
	if err != nil {
		return toss{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return toss{}, fmt.Errorf("%s: %w", file, err)
	}
	t := toss{name: filepath.Base(file)}
	for i, row := range rows {
		if len(row) < 13 {
			return t, fmt.Errorf("%s:%d: %d columns, want at least 13", file, i+1, len(row))
		}
		var v [13]float64
		for k := range v {
			if v[k], err = strconv.ParseFloat(row[k], 64); err != nil {
				return t, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
		}
		var s sample
		for k := 0; k < 3; k++ {
			s.pos[k], s.vel[k], s.omg[k] = halfWidth*v[k], halfWidth*v[7+k], v[10+k]
		}
		copy(s.quat[:], v[3:7])
		n := math.Sqrt(s.quat[0]*s.quat[0] + s.quat[1]*s.quat[1] + s.quat[2]*s.quat[2] + s.quat[3]*s.quat[3])
		if !(math.Abs(n-1) < 1e-3) {
			return t, fmt.Errorf("%s:%d: quaternion of length %g", file, i+1, n)
		}
		for k := range s.quat {
			s.quat[k] /= n
		}
		t.samples = append(t.samples, s)
	}
	if len(t.samples) < 2 {
		return t, fmt.Errorf("%s: %d samples, want at least 2", file, len(t.samples))
	}
	return t, nil
}
