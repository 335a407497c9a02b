package viewer

// packages are what building the window needs on Debian; setup.sh has the same list, a test compares them.
const packages = "gcc libc6-dev pkg-config libgl-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev"
