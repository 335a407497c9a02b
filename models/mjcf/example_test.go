package mjcf_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

func Example() {
	const file = `<mujoco model="pendulum">
  <worldbody>
    <light pos="0 0 3"/>
    <body pos="0 0 1">
      <joint name="hinge" axis="0 1 0" damping="0.1"/>
      <geom type="capsule" size="0.02" fromto="0 0 0 0 0 -0.5" mass="1"/>
    </body>
  </worldbody>
  <actuator>
    <position joint="hinge" kp="20" kv="2"/>
  </actuator>
  <keyframe>
    <key name="home" qpos="0.3"/>
  </keyframe>
</mujoco>`
	description, err := mjcf.Parse(strings.NewReader(file), "pendulum.xml")
	if err != nil {
		log.Fatal(err)
	}
	robot, err := description.Robot(mjcf.Options{Timestep: 0.002})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range robot.Notes {
		fmt.Println(n)
	}
	model, err := robot.Builder.Build()
	if err != nil {
		log.Fatal(err)
	}
	x, err := robot.Start(model, robot.Home())
	if err != nil {
		log.Fatal(err)
	}
	u := make([]float64, model.NU())
	robot.Inputs(u, []float64{-0.2})
	stepper := model.NewStepper(sim.Options{})
	for range 2000 {
		if _, err := stepper.Step(&x, x, u); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("rests at %.3f rad\n", x.Q[0])
	// Output:
	// pendulum.xml:3: <light>: ignored: only MuJoCo's drawing uses it
	// rests at -0.178 rad
}
