package urdf_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
)

// TestNothingIsDroppedSilently plants something unknown at every depth and wants each of them back, once.
func TestNothingIsDroppedSilently(t *testing.T) {
	const file = `<?xml version="1.0"?>
<!DOCTYPE robot [<!ENTITY lol "lol">]>
<?style sheet?>
<robot name="r" xmlns:x="http://example.org" mood="good" version="2.0">
<material name="m"><color rgba="1 1 1 1" hue="2"/><texture filename="t.png"/></material>
<material name="m"><color rgba="0 0 0 1"/></material>
<link name="a" weight="1">
 words
 <inertial><mass value="2" unit="kg"/><inertia ixx="1" iyy="1" izz="1" iyx="0"/><density/></inertial>
 <collision group="g"><origin xyz="0 0 0" quat="1 0 0 0"/><geometry><box size="1 1 1" round="1"/><sphere radius="1"/></geometry><material name="m"/></collision>
 <visual><geometry><plane/></geometry></visual>
 <contact><lateral_friction value="1"/></contact>
</link>
<link name="b"><inertial><mass value="2"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
<joint name="j" type="continuous" speed="1"><parent link="a" frame="f"/><child link="b"/>
 <limit effort="1" velocity="2" jerk="3"/><dynamics damping="1" K="2"/>
 <safety_controller k_velocity="1"/><calibration rising="0"/>
</joint>
<transmission name="t"><joint name="j"><hardwareInterface>x</hardwareInterface></joint></transmission>
<gazebo reference="a"><deep><deeper mu="1">text</deeper></deep></gazebo>
<gazebo/>
<sensor name="s"/>
<x:thing/>
<loop_joint name="l" type="prismatic"><link1 link="a"/><link2 link="b"/><axis xyz="1 0 0"/></loop_joint>
</robot>`
	robot, err := urdf.Read(strings.NewReader(file), "r.urdf", urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range robot.Notes {
		got = append(got, n.String())
	}
	want := []string{
		`line 2: <!DOCTYPE>: ignored: document type declarations have no effect`,
		`line 3: <?style>: ignored: processing instruction`,
		`line 4: <robot> "r": attribute version="2.0" ignored: read as version 1.0`,
		`line 4: <robot> "r": attribute mood="good" ignored: it is unknown here`,
		`line 5: <color> "m": attribute hue="2" ignored: it is unknown here`,
		`line 5: <texture> "m": ignored: textures are not drawn`,
		`line 6: <material> "m": ignored: the material is defined twice, the first one holds`,
		`line 7: <link> "a": attribute weight="1" ignored: it is unknown here`,
		`line 7: <link> "a": text "words" ignored`,
		`line 9: <mass> "a": attribute unit="kg" ignored: it is unknown here`,
		`line 9: <inertia> "a": attribute iyx="0" ignored: it is unknown here`,
		`line 9: <density> "a": ignored: unknown element`,
		`line 10: <collision> "a": attribute group="g" ignored: it is unknown here`,
		`line 10: <origin> "a": attribute quat="1 0 0 0" ignored: it is unknown here`,
		`line 10: <box> "a": attribute round="1" ignored: it is unknown here`,
		`line 10: <sphere> "a": ignored: want one shape, a box, sphere, cylinder, capsule or mesh`,
		`line 10: <material> "m": ignored: unknown element`,
		`line 11: <plane> "a": ignored: want one shape, a box, sphere, cylinder, capsule or mesh`,
		`line 12: <contact> "a": ignored: contact settings of PyBullet; friction is that of Options.Friction (--friction)`,
		`line 15: <joint> "j": attribute speed="1" ignored: it is unknown here`,
		`line 15: <parent> "j": attribute frame="f" ignored: it is unknown here`,
		`line 16: <limit> "j": attribute velocity="2" ignored: velocity limits hold where they are asked for (Options.VelocityLimits, --velocity-limits)`,
		`line 16: <limit> "j": attribute jerk="3" ignored: it is unknown here`,
		`line 16: <dynamics> "j": attribute K="2" ignored: it is unknown here`,
		`line 17: <safety_controller> "j": ignored: soft limits belong to a controller`,
		`line 17: <calibration> "j": ignored: reference positions of encoders are not used`,
		`line 19: <transmission> "t": ignored: transmissions are not simulated, <limit effort> bounds a joint's drive`,
		`line 20: <gazebo> "a": ignored: settings of the Gazebo simulator`,
		`line 21: <gazebo>: ignored: settings of the Gazebo simulator`,
		`line 22: <sensor> "s": ignored: sensors are not simulated`,
		`line 23: <http://example.org:thing>: ignored: unknown element`,
		`line 24: <loop_joint> "l": NOT SIMULATED: loops of type "prismatic" cannot be closed, want spherical, revolute, continuous or fixed; its links stay unconnected`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("notes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLinesOfTagsOverSeveralLines: Go's decoder reports where a token ends, a person looks for its start.
func TestLinesOfTagsOverSeveralLines(t *testing.T) {
	_, err := urdf.Read(strings.NewReader("<robot\nname='r'>\n<link\nname='a'\n>\n<inertial\n/></link></robot>"), "f.urdf", urdf.Options{})
	if err == nil || !strings.Contains(err.Error(), `f.urdf:6: link "a": <inertial>: has no <mass>`) {
		t.Errorf("error %v", err)
	}
}
