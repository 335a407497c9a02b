// Package toss reads the measured tosses of a real cube that two examples use: those of ContactNets (Pfrommer, Halm, Posa,
// CoRL 2020), one CSV file per toss.
package toss

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

	"github.com/ukemi-sim/ukemi/internal/data"
)

// HalfWidth is the unit of length of the data in meters: half the width of the cube.
const HalfWidth = 0.0524

// Experiment is experiment.json: lengths in half widths, everything else SI.
type Experiment struct {
	DT      float64 `json:"dt"`
	G       float64 `json:"g"`
	Inertia float64 `json:"inertia"`
	Mass    float64 `json:"mass"`
	Mu      float64 `json:"mu"`
}

// Sample is one measured state in SI units. The velocities of the data are those of the interval that ends
// at the sample, as ours: they agree with backward differences of the poses, forward ones are off by g dt.
type Sample struct {
	Pos  [3]float64
	Quat [4]float64 // w, x, y, z
	Vel  [3]float64 // world axes
	Omg  [3]float64 // body axes
}

// Toss is the samples of one toss.
type Toss struct {
	Name    string
	Samples []Sample
}

// Folder returns the folder with the tosses: what the flag says, or tosses in UKEMI_DATA, or the
// default beside the project, seen from its root or from the folder of an example.
func Folder(flag string) string {
	if flag != "" {
		return flag
	}
	return filepath.Join(data.Folder(), "tosses")
}

// ErrNone is returned when the folder is not there.
var ErrNone = errors.New("no tosses")

// Load reads the experiment and up to limit tosses of a folder (0 is all), in the order of their numbers.
func Load(dir string, limit int) (Experiment, []Toss, error) {
	var ex Experiment
	b, err := description(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return ex, nil, fmt.Errorf("%w in %s: neither it nor the folder above it, nor the optional data, hold an experiment.json", ErrNone, dir)
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
	tosses, err := Read(dir, limit)
	return ex, tosses, err
}

// description reads experiment.json of a folder; of one with some of the tosses that of the folder above it, or of the optional data.
func description(dir string) (b []byte, err error) {
	for _, d := range []string{dir, filepath.Join(dir, ".."), Folder("")} {
		if b, err = os.ReadFile(filepath.Join(d, "experiment.json")); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return b, err
}

// Read reads up to limit tosses of a folder (0 is all), in the order of their numbers.
func Read(dir string, limit int) ([]Toss, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return nil, err
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
		return nil, fmt.Errorf("%w in %s", ErrNone, dir)
	}
	var tosses []Toss
	for _, f := range files {
		t, err := readToss(f)
		if err != nil {
			return nil, err
		}
		tosses = append(tosses, t)
	}
	return tosses, nil
}

func readToss(file string) (Toss, error) {
	f, err := os.Open(file)
	if err != nil {
		return Toss{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return Toss{}, fmt.Errorf("%s: %w", file, err)
	}
	t := Toss{Name: filepath.Base(file)}
	for i, row := range rows {
		if len(row) < 13 {
			return t, fmt.Errorf("%s:%d: %d columns, want at least 13", file, i+1, len(row))
		}
		var v [13]float64
		for k := range v {
			if v[k], err = strconv.ParseFloat(row[k], 64); err != nil {
				return t, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
			if math.IsNaN(v[k]) || math.IsInf(v[k], 0) {
				return t, fmt.Errorf("%s:%d: column %d is %g, want a finite number", file, i+1, k+1, v[k])
			}
		}
		var s Sample
		for k := 0; k < 3; k++ {
			s.Pos[k], s.Vel[k], s.Omg[k] = HalfWidth*v[k], HalfWidth*v[7+k], v[10+k]
		}
		copy(s.Quat[:], v[3:7])
		n := math.Sqrt(s.Quat[0]*s.Quat[0] + s.Quat[1]*s.Quat[1] + s.Quat[2]*s.Quat[2] + s.Quat[3]*s.Quat[3])
		if !(math.Abs(n-1) < 1e-3) {
			return t, fmt.Errorf("%s:%d: quaternion of length %g", file, i+1, n)
		}
		for k := range s.Quat {
			s.Quat[k] /= n
		}
		t.Samples = append(t.Samples, s)
	}
	if len(t.Samples) < 2 {
		return t, fmt.Errorf("%s: %d samples, want at least 2", file, len(t.Samples))
	}
	return t, nil
}
