"""Small Keras layers for what keras.layers lacks, as text for backends/tensorflow/source.py; imports nothing."""

SNIPPETS = {
    "Bias": '''
class Bias(layers.Layer):
    """Adds a number for each map, or for each unit: `shape` is that of one image's numbers, or of the maps alone."""

    def __init__(self, shape, **options):
        super().__init__(**options)
        self.bias = self.add_weight(shape=shape, initializer="zeros")

    def call(self, x):
        return x + self.bias
''',
    "Pad": '''
class Pad(layers.Layer):
    """A border of one value; layers.ZeroPadding2D knows zeros only."""

    def __init__(self, sides, value, **options):
        super().__init__(**options)
        self.sides, self.value = sides, value

    def call(self, x):
        return ops.pad(x, [(0, 0), *self.sides, (0, 0)], constant_values=self.value)
''',
    "PartialConv2D": '''
class PartialConv2D(layers.Layer):
    """A convolution whose maps see some of the input's maps only: `table` has a row of their numbers for each map."""

    def __init__(self, channels, table, kernel_size, strides=1, dilation_rate=1, **options):
        super().__init__(**options)
        self.places = ops.one_hot(ops.transpose(ops.array(table)), channels)  # (inputs_per_filter, filters, channels)
        self.strides, self.dilation_rate = strides, dilation_rate
        self.kernel = self.add_weight(shape=(*kernel_size, len(table[0]), len(table)))

    def call(self, x):
        whole = ops.einsum("hwsm,smc->hwcm", self.kernel, self.places)
        return ops.conv(x, whole, self.strides, "valid", dilation_rate=self.dilation_rate)
''',
    "LocallyConnected2D": '''
class LocallyConnected2D(layers.Layer):
    """A convolution with kernels of its own at each place; Keras 3 has none."""

    def __init__(self, channels, maps, kernel_size, places, strides, **options):
        super().__init__(**options)
        self.kernel_size, self.strides = kernel_size, strides
        rows, columns = kernel_size
        self.kernel = self.add_weight(shape=(*places, rows * columns * channels, maps))

    def call(self, x):
        windows = ops.image.extract_patches(x, self.kernel_size, self.strides, data_format="channels_last")
        return ops.einsum("nijp,ijpm->nijm", windows, self.kernel)
''',
    "PresentAverage": '''
class PresentAverage(layers.Layer):
    """The mean of those cells of a window that lie in the image."""

    def __init__(self, window, strides, sides, **options):
        super().__init__(**options)
        self.window, self.strides, self.sides = window, strides, sides

    def means(self, x):
        return ops.average_pool(ops.pad(x, [(0, 0), *self.sides, (0, 0)]), self.window, self.strides)

    def call(self, x):
        return self.means(x) / self.means(ops.ones_like(x[:1, ..., :1]))
''',
    "L2Pool": '''
class L2Pool(layers.Layer):
    """The root of the sum of squares, with gradient 0 where a window is all zero."""

    def __init__(self, window, strides, **options):
        super().__init__(**options)
        self.window, self.strides = window, strides

    def call(self, x):
        squares = ops.average_pool(x * x, self.window, self.strides) * (self.window[0] * self.window[1])
        return ops.sqrt(ops.where(squares > 0, squares, 1.0)) * ops.cast(squares > 0, x.dtype)
''',
    "LeakyReLU": '''
class LeakyReLU(layers.Layer):
    """layers.LeakyReLU with any slope: Keras' own takes max(x, slope x), another function for slopes beyond 0 to 1."""

    def __init__(self, slope, **options):
        super().__init__(**options)
        self.slope = slope

    def call(self, x):
        return ops.where(x > 0, x, self.slope * x)
''',
    "Maxout": '''
class Maxout(layers.Layer):
    """The largest of every few neighbouring maps or numbers."""

    def __init__(self, pieces, **options):
        super().__init__(**options)
        self.pieces = pieces

    def call(self, x):
        return ops.max(ops.reshape(x, (-1, *x.shape[1:-1], x.shape[-1] // self.pieces, self.pieces)), axis=-1)
''',
    "ClassicDropout": '''
class ClassicDropout(layers.Layer):
    """Zeros while training; afterwards all numbers times the share that was kept. layers.Dropout scales while training."""

    def __init__(self, rate, **options):
        super().__init__(**options)
        self.rate, self.seed = rate, keras.random.SeedGenerator()

    def call(self, x, training=False):
        if not training:
            return x * (1 - self.rate)
        return x * ops.cast(keras.random.uniform(ops.shape(x), seed=self.seed) >= self.rate, x.dtype)
''',
}
