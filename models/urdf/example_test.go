package urdf_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/ukemi-sim/ukemi/models/urdf"
)

func Example() {
	const pendulum = `<robot name="pendulum">
  <link name="world"/>
  <link name="arm">
    <inertial><origin xyz="0 0 -0.5"/><mass value="1"/><inertia ixx="0.08" iyy="0.08" izz="0.001"/></inertial>
    <collision><origin xyz="0 0 -0.5"/><geometry><capsule radius="0.05" length="0.9"/></geometry></collision>
  </link>
  <joint name="shoulder" type="revolute">
    <parent link="world"/><child link="arm"/>
    <origin xyz="0 0 2"/><axis xyz="0 1 0"/>
    <limit lower="-2" upper="2" effort="5" velocity="10"/>
  </joint>
  <gazebo reference="arm"><mu1>0.2</mu1></gazebo>
</robot>`
	robot, err := urdf.Read(strings.NewReader(pendulum), "pendulum.urdf", urdf.Options{Ground: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range robot.Notes {
		fmt.Println(n)
	}
	robot.Builder.SetServo("shoulder", 20, 2)
	model, err := robot.Builder.Build()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d bodies, nv %d, inputs %v, %.1f kg\n", model.Name(), len(model.Bodies()), model.NV(), model.Inputs(), model.TotalMass())
	// Output:
	// line 10: <limit> "shoulder": attribute velocity="10" ignored: velocity limits hold where they are asked for (Options.VelocityLimits, --velocity-limits)
	// line 12: <gazebo> "arm": ignored: settings of the Gazebo simulator
	// pendulum: 1 bodies, nv 1, inputs [shoulder], 1.0 kg
}
