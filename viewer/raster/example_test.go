package raster_test

import (
	"fmt"
	"image"
	"io"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// A ball drops in front of the camera; the video goes to any io.Writer.
func ExampleGIF() {
	const width, height = 160, 90
	video, err := raster.NewGIF(io.Discard, width, height, 50)
	if err != nil {
		fmt.Println(err)
		return
	}
	r := raster.New(width, height)
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	sc := &scene.Scene{Camera: scene.Camera{Target: r3.Vec{Z: 0.4}, Azimuth: 0.5, Elevation: 0.3, Distance: 3}}
	for t := 0.0; t < 0.35; t += 0.02 {
		sc.Reset()
		sc.Grounds = append(sc.Grounds, scene.Ground{})
		sc.Items = append(sc.Items, scene.Item{
			Shape: contact.Sphere(0.1),
			Pose:  scene.Pose{Pos: r3.Vec{Z: 1 - 9.81/2*t*t}},
		})
		r.Render(picture, sc)
		if err := video.Add(picture); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(video.Close())
	fmt.Printf("%.2f m to the target\n", r.Depth()[height/2*width+width/2])
	// Output:
	// <nil>
	// 2.90 m to the target
}
