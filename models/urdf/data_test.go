package urdf_test

import (
	"encoding/xml"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// badInertia lists the files that need Repair, and one of the links that is the reason.
var badInertia = map[string]string{
	"allegro_right_hand.urdf": "link_1.0",
	"dojo_halfcheetah.urdf":   "torso",
	"icub.urdf":               "head",
}

func dataFiles(t *testing.T) []string {
	return fixture.Data(t, "urdf/*.urdf")
}

func TestRealRobotsLoad(t *testing.T) {
	for _, path := range dataFiles(t) {
		file := filepath.Base(path)
		t.Run(file, func(t *testing.T) {
			robot, err := urdf.Load(path, urdf.Options{Ground: true})
			link, bad := badInertia[file]
			if bad {
				if err == nil {
					t.Fatalf("loads without repair, want an error about link %q", link)
				}
				if !strings.Contains(err.Error(), `link "`+link+`": <inertia>: inertia `) || !strings.Contains(err.Error(), file+":") {
					t.Errorf("error does not name link %q and its line: %v", link, err)
				}
				robot, err = urdf.Load(path, urdf.Options{Ground: true, Repair: true})
			}
			if err != nil {
				t.Fatal(err)
			}
			m, err := robot.Builder.Build()
			if err != nil {
				t.Fatal(err)
			}
			repaired := 0
			for _, n := range robot.Notes {
				if strings.HasPrefix(n.Message, "repaired: ") {
					repaired++
				}
			}
			if bad != (repaired > 0) {
				t.Errorf("%d repairs, needed: %v", repaired, bad)
			}
			want, welded, links := fileMass(t, path, m)
			if got := m.TotalMass() + welded; math.Abs(got-want) > 1e-9*want {
				t.Errorf("total mass %g kg, the file's links have %g kg", got, want)
			}
			t.Logf("%s: links %d, bodies %d, nv %d, inputs %d, contacts %d, mass %.6g kg + %.6g kg welded, notes %d, repairs %d",
				file, links, len(m.Bodies()), m.NV(), m.NU(), m.MaxContacts(), m.TotalMass(), welded, len(robot.Notes), repaired)
			if os.Getenv("URDF_NOTES") == file {
				for _, n := range robot.Notes {
					t.Log(n)
				}
			}
		})
	}
}

// fileMass reads the masses a second time, by the standard library's own mapping to structs.
func fileMass(t *testing.T, path string, m *sim.Model) (total, welded float64, links int) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Links []struct {
			Name string `xml:"name,attr"`
			Mass struct {
				Value string `xml:"value,attr"`
			} `xml:"inertial>mass"`
		} `xml:"link"`
	}
	if err := xml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, l := range doc.Links {
		v, _ := strconv.ParseFloat(l.Mass.Value, 64)
		total += v
		f, err := m.Frame(l.Name)
		if err != nil {
			t.Error(err)
		}
		if f.Body < 0 {
			welded += v
		}
	}
	return total, welded, len(doc.Links)
}
