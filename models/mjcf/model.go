package mjcf

import (
	"github.com/ukemi-sim/ukemi/models/mesh"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Model is what a file says, compiled by MuJoCo's rules: defaults are applied, angles are radians, poses are
// those in the body, masses and inertias are known. It knows nothing of what the engine can simulate.
// Elements refer to each other by index; −1 stands for none. Body 0 is the world.
type Model struct {
	Name       string
	Option     Option
	Bodies     []Body // depth first, parents before children
	Joints     []Joint
	Geoms      []Geom
	Sites      []Site
	Meshes     []Mesh
	HFields    []HField
	Pairs      []Pair
	Excludes   []Exclude
	Equalities []Equality
	Tendons    []Tendon
	Actuators  []Actuator
	Sensors    []Sensor
	Keys       []Key
	NQ, NV     int
	Notes      []Note // what was ignored or read in a way worth knowing

	notes notes
	main  string   // name of the main file
	dir   string   // its folder
	off   switches // what the file turns off
}

// Option holds the settings of the world.
type Option struct {
	Timestep           float64 // s
	OwnTimestep        bool    // whether the file says it; else it is MuJoCo's default
	Gravity            r3.Vec  // m/s²
	Wind               r3.Vec  // m/s
	Density, Viscosity float64 // of the medium (kg/m³, Pa s)
}

// Body is a rigid body. Its joints are Joints[Joint : Joint+NumJoints], from the parent to the child.
type Body struct {
	Place
	Name             string
	Parent           int
	Pose             sim.Pose    // of the body frame in the parent's, joints at their references
	Inertia          sim.Inertia // in the body frame
	Joint, NumJoints int
	GravComp         float64 // part of its weight that an upward force takes away
	Mocap            bool    // moved from outside in MuJoCo
	Stated           bool    // the inertia was given, not inferred from geoms

	unknown []int // geoms whose mass is not known
}

// JointType is the kind of a joint.
type JointType uint8

// The joint types.
const (
	FreeJoint JointType = iota
	BallJoint
	SlideJoint
	HingeJoint
)

var jointTypes = []string{"free", "ball", "slide", "hinge"}

func (t JointType) String() string { return jointTypes[t] }

// Joint is a joint of a body. Its coordinates are q[Q:] and v[V:] of MuJoCo's vectors, which are also ours.
type Joint struct {
	Place
	Name         string
	Body         int
	Type         JointType
	Pos          r3.Vec  // where it is, in the body frame
	Axis         r3.Vec  // unit, in the body frame
	Ref          float64 // coordinate in the pose the file draws (m, rad)
	Limited      bool
	Range        [2]float64 // m, rad, where the joint is limited; a ball's total angle is at most Range[1]
	Stiffness    [3]float64 // f = −(a x + b x² + c x³) (N/m or N m/rad, …)
	SpringRef    float64    // coordinate where the spring rests
	Damping      [3]float64 // f = −(a v + b v|v| + c v³) (N s/m or N m s/rad, …)
	Armature     float64    // kg or kg m²
	FrictionLoss float64    // N or N m
	ForceLimited bool
	ForceRange   [2]float64 // of all actuators together (N or N m)
	Q, V         int
}

// GeomType is the kind of a geom.
type GeomType uint8

// The geom types.
const (
	PlaneGeom GeomType = iota
	HFieldGeom
	SphereGeom
	CapsuleGeom
	EllipsoidGeom
	CylinderGeom
	BoxGeom
	MeshGeom
	SDFGeom
)

var geomTypes = []string{"plane", "hfield", "sphere", "capsule", "ellipsoid", "cylinder", "box", "mesh", "sdf"}

func (t GeomType) String() string { return geomTypes[t] }

// Geom is a shape.
type Geom struct {
	Place
	Name                 string
	Body                 int
	Type                 GeomType
	Pose                 sim.Pose // in the body frame; of a mesh's own axes, not MuJoCo's principal ones
	Size                 r3.Vec   // half sizes as MuJoCo has them: radius, half length
	Mesh, HField         int
	Contype, Conaffinity uint32
	Condim, Priority     int
	Friction             [3]float64 // sliding, torsional, rolling
	Group                int
	Mass                 float64 // kg, also where the body's inertia was given
	Color                sim.Color

	inertia sim.Inertia // in the geom frame
	unknown bool        // its mass should come from a mesh that could not be read
	wrong   bool        // only drawn, and not even that for a mistake in it
}

// Site is a named frame of a body.
type Site struct {
	Place
	Name string
	Body int
	Pose sim.Pose
	Type GeomType
	Size r3.Vec
}

// Mesh is a mesh asset in its own axes.
type Mesh struct {
	Place
	Name    string
	File    string     // relative to the folder of the main file
	Surface *mesh.Mesh // scaled and placed; nil when it could not be read

	scale  r3.Vec
	placed bool   // refpos or refquat move it, so that its file alone does not say where it is
	rule   string // for its inertia
	unit   *sim.Inertia
	err    error   // why there is no surface, or no inertia
	wrong  []error // mistakes of its element, which matter where it touches or weighs
}

// HField is a height field: elevations of nrow × ncol points, row by row from −y to +y.
type HField struct {
	Place
	Name       string
	File       string
	Size       [4]float64 // half extents x and y, height of elevation 1, depth of the base (m)
	Rows, Cols int
	Elevation  []float64 // 0 to 1
}

// Pair says how two geoms touch, whatever their own properties are.
type Pair struct {
	Place
	Name     string
	Geoms    [2]int
	Condim   int
	Friction [5]float64
}

// Exclude says that two bodies never touch.
type Exclude struct {
	Place
	Bodies [2]int
}

// EqualityType is the kind of an equality.
type EqualityType uint8

// The kinds of equalities.
const (
	Connect EqualityType = iota
	Weld
	JointEquality
	TendonEquality
)

// Equality ties bodies, joints or tendons to each other.
type Equality struct {
	Place
	Name     string
	Type     EqualityType
	Active   bool
	Bodies   [2]int      // of connect and weld
	Anchors  [2]r3.Vec   // of connect: the point in the frame of each body
	Poses    [2]sim.Pose // of weld: the frames in each body that coincide
	Of       [2]int      // joints or tendons; the first is a polynomial of the second, −1 for a constant
	PolyCoef [5]float64
}

// TendonTerm is a joint and its coefficient.
type TendonTerm struct {
	Joint int
	Coef  float64
}

// Tendon is a linear combination of joint coordinates (fixed), or a spatial one, of which only the name is kept.
type Tendon struct {
	Place
	Name         string
	Spatial      bool
	Terms        []TendonTerm
	Limited      bool
	Range        [2]float64
	Stiffness    [3]float64
	Damping      [3]float64
	SpringLength [2]float64
	FrictionLoss float64
	Armature     float64
	ForceLimited bool
	ForceRange   [2]float64
}

// Transmission says what an actuator acts on.
type Transmission uint8

// The transmissions.
const (
	ToJoint Transmission = iota
	ToJointInParent
	ToTendon
	ToSite
	ToBody
	ToSliderCrank
)

var transmissions = []string{"joint", "jointinparent", "tendon", "site", "body", "slider-crank"}

func (t Transmission) String() string { return transmissions[t] }

// Actuator turns a control into a force: force = gain·(activation or control) + bias, with gain = GainPrm·(1,
// length, velocity) when GainType is affine and GainPrm[0] when it is fixed, bias likewise, and the length gear[0]·q.
type Actuator struct {
	Place
	Name         string
	Element      string // as written: motor, position …
	Transmission Transmission
	Target       int // joint, tendon, site or body
	Gear         [6]float64
	RefSite      bool   // the force is between Target and another site
	GainType     string // fixed, affine, or the name of a law that is not read
	BiasType     string // none, affine, or the name of a law that is not read
	DynType      string // none, or the name of activation dynamics
	GainPrm      [3]float64
	BiasPrm      [3]float64
	DynPrm       [3]float64
	CtrlLimited  bool
	CtrlRange    [2]float64
	ForceLimited bool
	ForceRange   [2]float64
	Damping      [3]float64
	Armature     float64
	Group        int
}

// Sensor is a sensor by its element's name. Objects are named, not resolved.
type Sensor struct {
	Place
	Type             string
	Name             string
	ObjType, ObjName string
	RefType, RefName string
	Cutoff, Noise    float64
}

// Key is a named state. Vectors the file does not give are those of the reference pose, or zero.
type Key struct {
	Place
	Name    string
	Time    float64
	Q, V    []float64
	Ctrl    []float64
	HasCtrl bool
}
