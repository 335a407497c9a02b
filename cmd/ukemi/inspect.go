package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// inspection is what `ukemi inspect --json` prints.
type inspection struct {
	Model     string      `json:"model"`
	NQ        int         `json:"nq"`
	NV        int         `json:"nv"`
	NU        int         `json:"nu"`
	Bodies    int         `json:"bodies"`
	TotalMass number      `json:"total_mass"` // kg, of what moves
	Tree      []*treeNode `json:"tree"`
	Masses    []bodyInfo  `json:"masses"`
	Joints    []jointInfo `json:"joints"`
	Frames    []frameInfo `json:"frames"`
	Colliders []string    `json:"colliders"`
	Shapes    []shapeInfo `json:"shapes"`   // of the colliders
	Contacts  int         `json:"contacts"` // of all pairs at a time, at most
	Pairs     []pairInfo  `json:"pairs"`    // of colliders that may touch
	Loops     []loopInfo  `json:"loops"`    // that close chains of joints
	Mimics    []mimicInfo `json:"mimics"`   // joints that follow others
	Inputs    []string    `json:"inputs"`
	Warnings  []string    `json:"warnings"` // as text
	Base      string      `json:"base"`     // "floating", "fixed" or "free to move" when there are several
	Remarks   []remark    `json:"remarks"`  // the same, what changes physics first
}

type pairInfo struct {
	Name     string `json:"name"`
	BodyA    string `json:"body_a"`
	BodyB    string `json:"body_b"`
	Contacts int    `json:"contacts"` // at a time, at most
}

type loopInfo struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	BodyA string `json:"body_a"`
	BodyB string `json:"body_b"`
}

type mimicInfo struct {
	Joint string    `json:"joint"`
	Of    string    `json:"of"`
	Coef  [5]number `json:"coefficients"` // of 1, x, x², x³, x⁴: the coordinate of the joint where that of the other is x
}

type treeNode struct {
	Body     string      `json:"body"`
	Joint    string      `json:"joint"`
	Type     string      `json:"type"`
	Mass     number      `json:"mass"`
	Fixed    []string    `json:"fixed"` // links welded to the body
	Children []*treeNode `json:"children"`
}

type bodyInfo struct {
	Body    string    `json:"body"`
	Mass    number    `json:"mass"`
	COM     [3]number `json:"com"`
	Inertia [6]number `json:"inertia"` // Ixx Ixy Ixz Iyy Iyz Izz about the center of mass
}

type jointInfo struct {
	Name     string    `json:"name"`
	Type     string    `json:"type"`
	Trans    []vector  `json:"translations"` // directions it slides along, in the joint's frame
	Rot      []vector  `json:"rotations"`    // axes it turns about
	Parent   string    `json:"parent"`
	Child    string    `json:"child"`
	Q        int       `json:"q"`
	NQ       int       `json:"nq"`
	V        int       `json:"v"`
	NV       int       `json:"nv"`
	Drive    string    `json:"drive"`
	Limits   []*number `json:"limits"` // lower, upper of the first axis; null when there are none
	Effort   *number   `json:"effort"` // null when it is not bounded
	Damping  number    `json:"damping"`
	Friction number    `json:"friction"`
}

type vector [3]number

func vectors(l []r3.Vec) []vector {
	out := []vector{}
	for _, v := range l {
		out = append(out, vector{number(v.X), number(v.Y), number(v.Z)})
	}
	return out
}

type frameInfo struct {
	Name string    `json:"name"`
	Body string    `json:"body"`
	Pos  [3]number `json:"position"`
	Rot  [4]number `json:"quaternion"` // w x y z
}

func inspectCommand() *cobra.Command {
	var f worldFlags
	var asJSON bool
	var out string
	c := &cobra.Command{
		Use:   "inspect FILE|NAME",
		Short: "Show links, joints, masses, contacts and what a file says that was not used",
		Example: `  ukemi inspect robot.urdf --repair --out fixed.urdf    # write back what was repaired
  ukemi inspect quadruped --out quadruped.xml             # any model, for MuJoCo`,
		Args: oneModel,
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			w, err := open(args[0], &f)
			if err != nil {
				return err
			}
			if err := w.finish(); err != nil {
				return err
			}
			if out != "" {
				if err := w.write(out); err != nil {
					return fmt.Errorf("--out: %w", err)
				}
			}
			x := inspectWorld(w)
			if asJSON {
				return printJSON(c.OutOrStdout(), x)
			}
			return x.print(c.OutOrStdout(), w)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().StringVar(&out, "out", "", "write the model, as it was read and repaired, to this URDF or MJCF `file` (.urdf, .xml)")
	return c
}

func inspectWorld(w *world) *inspection {
	m := w.model
	names := m.Bodies()
	bodyName := func(i int) string {
		if i < 0 {
			return "world"
		}
		return names[i]
	}
	x := &inspection{
		Model: m.Name(), NQ: m.NQ(), NV: m.NV(), NU: m.NU(), Bodies: len(m.Bodies()), TotalMass: number(m.TotalMass()),
		Tree: []*treeNode{}, Masses: []bodyInfo{}, Joints: []jointInfo{}, Frames: []frameInfo{},
		Colliders: append([]string{}, m.Colliders()...), Contacts: m.MaxContacts(), Pairs: []pairInfo{}, Loops: []loopInfo{}, Mimics: []mimicInfo{},
		Inputs: append([]string{}, m.Inputs()...), Warnings: []string{},
		Base: w.attached, Remarks: w.remarks(), Shapes: shapesOf(w, bodyName),
	}
	for _, r := range x.Remarks {
		x.Warnings = append(x.Warnings, r.String())
	}
	for _, p := range m.Pairs() {
		x.Pairs = append(x.Pairs, pairInfo{p.Name, bodyName(p.BodyA), bodyName(p.BodyB), p.Contacts})
	}
	for _, l := range m.Loops() {
		x.Loops = append(x.Loops, loopInfo{l.Name, l.Type.String(), bodyName(l.BodyA), bodyName(l.BodyB)})
	}
	for _, c := range m.Mimics() {
		coef := [5]number{number(c.Offset), number(c.Ratio), number(c.Curve[0]), number(c.Curve[1]), number(c.Curve[2])}
		x.Mimics = append(x.Mimics, mimicInfo{m.Joints()[c.Joint].Name, m.Joints()[c.Of].Name, coef})
	}
	fixed := make([][]string, x.Bodies)
	for _, f := range m.Frames() {
		if f.Body >= 0 && f.Name != bodyName(f.Body) {
			fixed[f.Body] = append(fixed[f.Body], f.Name)
		}
		p, r := f.Pose.Pos, f.Pose.Rot
		x.Frames = append(x.Frames, frameInfo{
			f.Name, bodyName(f.Body), [3]number{number(p.X), number(p.Y), number(p.Z)},
			[4]number{number(r.Real), number(r.Imag), number(r.Jmag), number(r.Kmag)},
		})
	}
	nodes := make([]*treeNode, x.Bodies)
	for i, j := range m.Joints() {
		in := m.BodyInertia(i)
		nodes[i] = &treeNode{bodyName(i), j.Name, jointKind(j), number(in.Mass), append([]string{}, fixed[i]...), []*treeNode{}}
		if j.Parent < 0 {
			x.Tree = append(x.Tree, nodes[i])
		} else {
			nodes[j.Parent].Children = append(nodes[j.Parent].Children, nodes[i])
		}
		x.Masses = append(x.Masses, bodyInfo{
			bodyName(i), number(in.Mass), [3]number{number(in.COM.X), number(in.COM.Y), number(in.COM.Z)},
			[6]number{number(in.Ixx), number(in.Ixy), number(in.Ixz), number(in.Iyy), number(in.Iyz), number(in.Izz)},
		})
		x.Joints = append(x.Joints, describeJoint(bodyName(j.Parent), bodyName(i), j))
	}
	return x
}

func describeJoint(parent, child string, j sim.JointInfo) jointInfo {
	d := jointInfo{
		Name: j.Name, Type: jointKind(j), Trans: vectors(j.Type.Trans), Rot: vectors(j.Type.Rot), Parent: parent, Child: child,
		Q: j.Q, NQ: j.NQ, V: j.V, NV: j.NV, Drive: "passive",
	}
	if len(j.Axes) == 0 {
		return d
	}
	a := j.Axes[0]
	d.Drive = [...]string{"passive", "torque", "servo"}[a.Drive]
	d.Damping, d.Friction = number(a.Damping), number(a.Friction)
	if a.Limited {
		low, up := number(a.Lower), number(a.Upper)
		d.Limits = []*number{&low, &up}
	}
	if a.Effort > 0 {
		e := number(a.Effort)
		d.Effort = &e
	}
	return d
}

// jointKind names the usual combinations of translations and rotations.
func jointKind(j sim.JointInfo) string {
	t, r := len(j.Type.Trans), len(j.Type.Rot)
	switch [2]int{t, r} {
	case [2]int{0, 1}:
		return "revolute"
	case [2]int{1, 0}:
		return "prismatic"
	case [2]int{1, 1}:
		return "cylindrical"
	case [2]int{2, 1}:
		return "planar"
	case [2]int{0, 2}:
		return "universal"
	case [2]int{0, 3}:
		return "spherical"
	case [2]int{3, 3}:
		return "free"
	}
	return fmt.Sprintf("%d translations, %d rotations", t, r)
}

func (x *inspection) print(out io.Writer, w *world) error {
	fmt.Fprintf(out, "%s: %s, %s, %s, %s, %s, %.6g kg\n\n", x.Model,
		plural(x.Bodies, "body", "bodies"), plural(x.NQ, "coordinate", "coordinates"), freedoms(x.NV), plural(x.NU, "input", "inputs"),
		plural(x.Contacts, "contact", "contacts"), x.TotalMass)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "BODY\tJOINT\tTYPE\tAXIS\tRANGE\tEFFORT\tDRIVE\tMASS [kg]\tWITH")
	i := 0
	var show func(n *treeNode, prefix, branch string)
	show = func(n *treeNode, prefix, branch string) {
		j := x.Joints[i]
		i++
		limits, effort := "", ""
		if j.Limits != nil {
			limits = fmt.Sprintf("%.3g … %.3g", *j.Limits[0], *j.Limits[1])
		}
		if j.Effort != nil {
			effort = fmt.Sprintf("%.4g", *j.Effort)
		}
		fmt.Fprintf(t, "%s%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.4g\t%s\n", prefix+branch, n.Body, n.Joint, n.Type, j.axis(), limits, effort, j.Drive, n.Mass, clip(n.Fixed))
		const deep = 120 // bytes of indentation: long chains would drown in it
		switch {
		case len(prefix) > deep:
		case branch == "├ ":
			prefix += "│ "
		case branch == "└ ":
			prefix += "  "
		}
		for k, c := range n.Children {
			b := "├ "
			if k == len(n.Children)-1 {
				b = "└ "
			}
			show(c, prefix, b)
		}
	}
	for _, n := range x.Tree {
		show(n, "", "")
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, l := range x.Loops {
		fmt.Fprintf(t, "loop %s\t%s of %s and %s\n", l.Name, l.Type, l.BodyA, l.BodyB)
	}
	for _, f := range facts(w) {
		fmt.Fprintf(t, "%s\t%s\n", f[0], f[1])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	x.printTouch(t)
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(out, printRemarks(x.Remarks))
	return err
}

// axis names the direction of a hinge or slider, and the normal of a planar joint.
func (j *jointInfo) axis() string {
	l := append(append([]vector{}, j.Rot...), j.Trans...)
	if n := len(j.Rot); n > 1 || n == 0 && len(j.Trans) > 1 {
		return ""
	}
	for k, name := range []string{"x", "y", "z"} {
		if l[0][k] == 1 {
			return name
		} else if l[0][k] == -1 {
			return "−" + name
		}
	}
	return fmt.Sprintf("(%.3g, %.3g, %.3g)", l[0][0], l[0][1], l[0][2])
}

// clip lists a few names and counts the rest.
func clip(l []string) string {
	const most = 3
	if len(l) <= most {
		return strings.Join(l, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(l[:most], ", "), len(l)-most)
}
