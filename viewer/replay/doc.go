// Package replay writes simulations as web pages: one self-contained HTML file per rollout that opens in any
// browser, without network and without anything installed, to orbit, play, scrub and read plots.
//
//	st := model.NewStepper(sim.Options{})
//	film := replay.NewFilm(model, replay.Options{})
//	film.Start(st, state)
//	for range 1000 {
//		res, err := st.Step(&state, state, nil)
//		…
//		film.Add(st, state, res)
//	}
//	err := film.WriteHTML(file)
//
// The page holds the viewer (three.js, deflated), a description of the model and the frames. Poses and contact
// forces are kept to 16 bits of the range of each number and stored as differences from frame to frame,
// signals as 32-bit floats; everything is deflated. The precise results belong into a sim.Recording.
//
// The viewer's source is in the folder web, with the script that builds viewer.min.js.deflate from it.
package replay
